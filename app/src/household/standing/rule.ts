// A standing order as a household says it, and the rule that the market takes.

import {
  ALL_HALF_HOURS,
  allIn,
  marketFee,
  market as programs,
  milliAtoms,
  price,
  shortfall,
  whSum,
  type Price,
  type Rule,
  type Terms,
  type Wh,
} from "@joulebook/client";

const LimitKind = programs.LimitKind;
const QuantityKind = programs.QuantityKind;
const Side = programs.Side;

/** What is asked for in each window that it names. */
export type Wish = Readonly<{
  side: "buy" | "sell";
  /** What the meter drew, or fed in, in the same window a day before; or so many Wh. */
  amount: "dayBefore" | Wh;
  /** As good as the supplier, or a limit in atoms per kWh. */
  limit: "supplier" | Price;
  /** Half hours of the day, from 0 to 48: the first one, and the one behind the last. */
  from: number;
  to: number;
  /** The most that is ordered in a day, Wh. */
  daily: Wh;
}>;

/** All of it: what was moved the day before, whole. */
const WHOLE = 10_000;
/** Fees and prices may be posted later and higher than they are now: so much more a kWh may lock, in percent. */
const ROOM = 120n;

/** The bits of half hours from one to the one before another; over midnight if they are the wrong way round. */
export function halfHoursOf(from: number, to: number): bigint {
  if (from === to) return ALL_HALF_HOURS;
  const upTo = (end: number) => (1n << BigInt(end)) - 1n;
  return from < to ? upTo(to) & ~upTo(from) : ALL_HALF_HOURS & ~(upTo(from) & ~upTo(to));
}

/** Where the half hours begin and end, if they are in one piece; they may go over midnight. */
export function spanOf(halfHours: bigint): readonly [number, number] | undefined {
  if (halfHours === ALL_HALF_HOURS) return [0, 48];
  const isIn = (at: number) => ((halfHours >> BigInt(at % 48)) & 1n) === 1n;
  const starts = Array.from({ length: 48 }, (_, at) => at).filter(
    (at) => isIn(at) && !isIn(at + 47),
  );
  const [from] = starts;
  if (from === undefined || starts.length > 1) return undefined;
  let to = from;
  while (isIn(to)) to++;
  return [from, to > 48 ? to - 48 : to];
}

/** The rule of a wish; `terms` are those of a window as they are now. */
export function ruleOf(wish: Wish, terms: Terms, clientId: number): Rule {
  const isBuy = wish.side === "buy";
  // Never more than the supplier asks, with all fees; never less than it pays.
  const fees = terms.gridFee + marketFee(terms, price(terms.short));
  const limit = wish.limit === "supplier" ? price(isBuy ? -fees : 0) : wish.limit;
  const highest = wish.limit === "supplier" ? price(terms.short - fees) : wish.limit;
  const lock = isBuy
    ? (allIn(terms, highest) ?? terms.short)
    : shortfall(terms, wish.limit === "supplier" ? price(terms.long) : wish.limit);
  const most = Math.max(lock, terms.minLock, terms.short);
  const unitLockCap = price(Number((BigInt(most) * ROOM) / 100n));
  return {
    side: isBuy ? Side.Buy : Side.Sell,
    ...{ limit, limitKind: limitKindOf(wish), unitLockCap, clientId },
    quantity:
      wish.amount === "dayBefore"
        ? { kind: QuantityKind.DayBefore, basisPoints: WHOLE }
        : { kind: QuantityKind.Fixed, energy: wish.amount },
    energyCap: whSum(wish.daily),
    // Wh × atoms per kWh are milli-atoms.
    lockCap: milliAtoms(BigInt(wish.daily) * BigInt(unitLockCap)),
    halfHours: halfHoursOf(wish.from, wish.to),
  };
}

function limitKindOf({ limit, side }: Wish) {
  if (limit !== "supplier") return LimitKind.Fixed;
  return side === "buy" ? LimitKind.Short : LimitKind.Long;
}
