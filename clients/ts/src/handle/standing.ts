// Standing orders: entered once, and placed in each window that their rule names.

import type { SendOptions } from "../connection/connection.js";
import type { Receipt } from "../connection/receipt.js";
import { sendInstructions } from "../connection/send.js";
import { QuantityKind, Side } from "../generated/market/index.js";
import { setStandingOrders as setInstruction } from "../instructions/standing.js";
import { energyOf, priceOf, type EnergyEntry, type PriceEntry } from "../order-entry.js";
import { enteredOrders, type EnteredOrder, type Rule } from "../standing.js";
import { toMilliAtoms, whSum } from "../units.js";
import { readAccount } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { standingOrdersKind } from "./kinds.js";
import { atomsOf, type TokensEntry } from "./money.js";
import { readSeatNumber } from "./participant.js";

/** What bounds a standing order, whatever it asks for. */
export type StandingCaps = Readonly<{
  /** The most that its orders may be for in a day of UTC, and lock in it. */
  daily: Readonly<{ energy: EnergyEntry; locks: TokensEntry }>;
  /** The most that a kWh of them may lock: a price with all fees, or what replaces what is not delivered. */
  unitLock: PriceEntry;
  /** Half hours, weekdays and end, as a {@link Rule} has them; all and none, if left out. */
  when?: Pick<Rule, "halfHours" | "weekdays" | "validUntil">;
  clientId?: number;
}>;

/** A standing order as it is entered, for the same energy in each window. Other kinds are a {@link Rule}. */
export type StandingEntry = StandingCaps &
  (
    | Readonly<{ buy: EnergyEntry; atMost: PriceEntry }>
    | Readonly<{ sell: EnergyEntry; atLeast: PriceEntry }>
  );

/** What is to stand in one of the seat's places, 0 to 7; null for nothing. */
export type StandingPlace = Readonly<{ place: number; order: StandingEntry | Rule | null }>;

/** Enters standing orders of the owner's seat, or takes them away, all or none. */
export async function setStandingOrders(
  market: MarketHandle,
  places: readonly StandingPlace[],
  options: SendOptions = {},
): Promise<Receipt> {
  const { addresses, connection, trader, owner } = market;
  const orders = places.map(({ place, order }) => ({
    place,
    rule: order && ("side" in order ? order : ruleOf(market, order)),
  }));
  const instruction = await setInstruction(addresses, trader, owner, orders);
  return sendInstructions(connection, [instruction], options);
}

/** The standing orders of the owner's seat, with what became of each when it was last due. */
export async function readStandingOrders(market: MarketHandle): Promise<EnteredOrder[]> {
  const [seat, { seats }] = await Promise.all([
    readSeatNumber(market),
    readAccount(market.connection, market.addresses.standingOrders, standingOrdersKind()),
  ]);
  const row = seats[seat];
  return row && row.owner === market.owner ? enteredOrders(row) : [];
}

/** The rule that an entry stands for. The market rounds its limit for each window's grid, in favour of who ordered. */
function ruleOf(market: MarketHandle, entry: StandingEntry): Rule {
  const { token } = market;
  const isBuy = "buy" in entry;
  const energy = energyOf(isBuy ? entry.buy : entry.sell);
  const { daily, unitLock, when, clientId } = entry;
  return {
    side: isBuy ? Side.Buy : Side.Sell,
    limit: priceOf(token, isBuy ? entry.atMost : entry.atLeast),
    quantity: { kind: QuantityKind.Fixed, energy },
    energyCap: whSum(energyOf(daily.energy)),
    lockCap: toMilliAtoms(atomsOf(market, daily.locks)),
    unitLockCap: priceOf(token, unitLock),
    ...when,
    ...(clientId !== undefined && { clientId }),
  };
}
