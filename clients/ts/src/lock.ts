// What an order locks, so that whatever comes of it is covered. The same rule as the program's, which is
// in crates/settlement (terms.rs); clients/fixtures/locks.json holds both to it.

import { BASIS_POINTS, Side, type NewOrder } from "./generated/market/index.js";
import { energyValue, priceAt, type MilliAtoms, type Price, type Wh } from "./units.js";

/** The prices a window settles at, beside its clearing price. A window's header has them. */
export type Terms = Readonly<{
  /** Retail and feed-in price, atoms per kWh. */
  short: number;
  long: number;
  /** Local grid fee on bought energy, atoms per kWh. */
  gridFee: number;
  /** Market fee on the value of bought energy, basis points. */
  feeBps: number;
}>;

const WHOLE = BigInt(BASIS_POINTS);
const U32_MAX = 0xffff_ffff;

/** The market fee per kWh at a price: price × fee, rounded up to a whole atom. */
export function marketFee(terms: Terms, at: Price): Price {
  const parts = BigInt(at) * BigInt(terms.feeBps);
  const fee = Number((parts + WHOLE - 1n) / WHOLE);
  return Math.min(fee, U32_MAX) as Price;
}

/** What a buyer pays per kWh: price, grid fee and market fee. Undefined if that exceeds 32 bits. */
export function allIn(terms: Terms, at: Price): Price | undefined {
  const sum = at + terms.gridFee + marketFee(terms, at);
  return sum <= U32_MAX ? (sum as Price) : undefined;
}

/** The most that selling at a price can cost per kWh: not delivering, and paying the short price. */
export function shortfall(terms: Terms, at: Price): Price {
  return Math.max(terms.short - at, 0) as Price;
}

/** What a buy with this limit locks. Undefined where the market would refuse it: too large a price. */
export function buyLock(terms: Terms, quantity: Wh, limit: Price): MilliAtoms | undefined {
  const cost = allIn(terms, limit);
  return cost === undefined ? undefined : energyValue(quantity, cost);
}

/** What a sell with this ask locks. */
export function sellLock(terms: Terms, quantity: Wh, ask: Price): MilliAtoms {
  return energyValue(quantity, shortfall(terms, ask));
}

/** What an order in this window locks. Undefined where the market would refuse it: off the grid. */
export function orderLock(
  window: Terms & { floorPrice: number; tickSize: number; ticks: number },
  { side, tick, quantity }: Pick<NewOrder, "side" | "tick" | "quantity">,
): MilliAtoms | undefined {
  const limit = priceAt(window, tick);
  if (limit === undefined) return undefined;
  return side === Side.Buy ? buyLock(window, quantity, limit) : sellLock(window, quantity, limit);
}
