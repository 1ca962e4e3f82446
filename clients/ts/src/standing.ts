// Standing orders: rules as they are entered, and what a market's account says of them.

import {
  HALF_HOURS_PER_DAY,
  LimitKind,
  QuantityKind,
  type Side,
  type StandingOrder,
  type StandingOutcome,
  type StandingRuleArgs,
  type StandingSeat,
} from "./generated/market/index.js";
import {
  milliAtoms,
  wh,
  whSum,
  type MilliAtoms,
  type Price,
  type Wh,
  type WhSum,
} from "./units.js";

/** All half hours of a day, a bit for each. */
export const ALL_HALF_HOURS = (1n << BigInt(HALF_HOURS_PER_DAY)) - 1n;
/** All days of a week, a bit for each. */
export const ALL_WEEKDAYS = 0b0111_1111;
/** The end of a rule that has none, as 64 bits have it. */
export const NO_END = 0x7fff_ffff_ffff_ffffn;

/** How much a rule asks for in a window. */
export type RuleQuantity =
  | Readonly<{ kind: QuantityKind.Fixed; energy: Wh }>
  /**
   * One for each half hour of the local day. Where one is above 65,535 Wh, they are rounded down to the next multiple of the
   * least number of Wh of which each is at most 65,535 times.
   */
  | Readonly<{ kind: QuantityKind.Profile; energies: readonly Wh[] }>
  /** Of what the seat's meters moved in the same window a day or a week before; at most 10,000. */
  | Readonly<{ kind: QuantityKind.DayBefore | QuantityKind.WeekBefore; basisPoints: number }>;

/** What is ordered, when, and how much of it. */
export type Rule = Readonly<{
  side: Side;
  /** The highest price to pay, the lowest to take; or how far that is above the window's price that `limitKind` names. */
  limit: Price;
  /** Fixed if left out. */
  limitKind?: LimitKind;
  quantity: RuleQuantity;
  /** The most that its orders may be for in a day of UTC. */
  energyCap: WhSum;
  /** The most that they may lock in a day of UTC. */
  lockCap: MilliAtoms;
  /** The most that a kWh of them may lock: what it costs at worst, with fees, or with what replaces it if it is not delivered. */
  unitLockCap: Price;
  /** Half hours of the local day in which windows start, a bit for each, 00:00 the lowest; all if left out. */
  halfHours?: bigint;
  /** Days of the local week, a bit for each, Monday the lowest; all if left out. */
  weekdays?: number;
  /** Nothing is ordered for windows that start then or later, unix seconds; no end if left out. */
  validUntil?: bigint;
  /** Of its orders: 16 bits, free to choose, 0 if left out. */
  clientId?: number;
}>;

/** A standing order, with its place among the seat's. */
export type EnteredOrder = StandingOrder & Readonly<{ place: number; outcome: StandingOutcome }>;

/** The rule as `setStandingOrders` of the market takes it. */
export function standingRule(rule: Rule): StandingRuleArgs {
  return {
    validUntil: rule.validUntil ?? NO_END,
    halfHours: rule.halfHours ?? ALL_HALF_HOURS,
    lockCap: rule.lockCap,
    unitLockCap: rule.unitLockCap,
    energyCap: rule.energyCap,
    limit: rule.limit,
    clientId: rule.clientId ?? 0,
    side: rule.side,
    node: 0,
    limitKind: rule.limitKind ?? LimitKind.Fixed,
    weekdays: rule.weekdays ?? ALL_WEEKDAYS,
    reserved: new Uint8Array(5),
    ...quantityFields(rule.quantity),
  };
}

/** A row has one number for an energy and for basis points. */
function quantityFields(
  quantity: RuleQuantity,
): Pick<StandingRuleArgs, "quantityKind" | "quantity" | "profile"> {
  const quantityKind = quantity.kind;
  const nothing = Array<number>(HALF_HOURS_PER_DAY).fill(0);
  switch (quantity.kind) {
    case QuantityKind.Fixed:
      return { quantityKind, quantity: quantity.energy, profile: nothing };
    case QuantityKind.Profile: {
      const unit = Math.max(1, Math.ceil(Math.max(0, ...quantity.energies) / 0xffff));
      const profile = quantity.energies.map((energy) => Math.floor(energy / unit));
      return { quantityKind, quantity: wh(unit), profile };
    }
    default:
      return { quantityKind, quantity: wh(quantity.basisPoints), profile: nothing };
  }
}

/** The orders that stand in a seat's row. Whether they are the present owner's, its `owner` says. */
export function enteredOrders({ entered, orders }: Pick<StandingSeat, "entered" | "orders">) {
  return orders.flatMap((order, place): EnteredOrder[] =>
    (entered >> place) & 1 ? [{ ...order, place }] : [],
  );
}

/** What is used of an order's caps on this day of UTC, counted from 1970-01-01. */
export function usedOn(
  order: Pick<StandingOrder, "day" | "usedEnergy" | "usedLock">,
  day: number,
): Readonly<{ energy: WhSum; lock: MilliAtoms }> {
  const isOfDay = order.day === day;
  return isOfDay
    ? { energy: order.usedEnergy, lock: order.usedLock }
    : { energy: whSum(0), lock: milliAtoms(0) };
}
