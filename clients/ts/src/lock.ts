// What an order locks, so that whatever comes of it is covered. The same rule as the program's, which is
// in crates/settlement (terms.rs); clients/fixtures/locks.json holds both to it.

import { BASIS_POINTS, Side, type NewOrder } from "./generated/market/index.js";
import { energyValue, milliAtoms, priceAt, type MilliAtoms, type Price, type Wh } from "./units.js";

/** The prices a window settles at, beside its clearing price. A book's header has them. */
export type Terms = Readonly<{
  /** Retail and feed-in price, atoms per kWh. */
  short: number;
  long: number;
  /** Local grid fee on bought energy, atoms per kWh. */
  gridFee: number;
  /** Market fee on the value of bought energy, basis points. */
  feeBps: number;
  /** The least that an order locks, atoms per kWh. */
  minLock: number;
}>;

const WHOLE = BigInt(BASIS_POINTS);
const I32_MAX = 0x7fff_ffff;

/** Undefined where a program has no room for it. */
function fitting(price: number): Price | undefined {
  return price <= I32_MAX ? (price as Price) : undefined;
}

/** The market fee per kWh at a price: price × fee, rounded up to a whole atom; none at a price below zero. */
export function marketFee(terms: Terms, at: Price): Price {
  const parts = BigInt(Math.max(at, 0)) * BigInt(terms.feeBps);
  return Number((parts + WHOLE - 1n) / WHOLE) as Price;
}

/**
 * What a buyer pays per kWh once allocated: the price if it is above zero, grid fee and market fee.
 * Undefined if that exceeds 32 bits.
 */
export function allIn(terms: Terms, at: Price): Price | undefined {
  return fitting(Math.max(at, 0) + terms.gridFee + marketFee(terms, at));
}

/**
 * The most that a kWh sold at a price can still cost once allocated: not delivering, and paying the short
 * price, where what it earns pays first.
 */
export function shortfall(terms: Terms, at: Price): Price {
  return Math.max(terms.short - Math.max(at, 0), 0) as Price;
}

/**
 * The most that a kWh bought at a price can still cost once allocated: not taking it while the long price
 * is below zero, where what the buy earns at a price below zero pays first.
 */
export function surplus(terms: Terms, at: Price): Price {
  return Math.max(Math.min(at, 0) - terms.long, 0) as Price;
}

/** What this energy locks at a cost per kWh. */
function lock(terms: Terms, quantity: Wh, cost: Price | undefined): MilliAtoms | undefined {
  if (cost === undefined) return undefined;
  return milliAtoms(energyValue(quantity, Math.max(cost, terms.minLock) as Price));
}

/**
 * What a buy with this limit locks: all it can cost at any price up to its limit. Undefined where the
 * market would refuse it: too large a price.
 */
export function buyLock(terms: Terms, quantity: Wh, limit: Price): MilliAtoms | undefined {
  const paid = allIn(terms, limit);
  const cost = paid === undefined ? undefined : fitting(paid - Math.min(terms.long, 0));
  return lock(terms, quantity, cost);
}

/** What a sell with this ask locks: all it can cost at any price from there on. Undefined as for a buy. */
export function sellLock(terms: Terms, quantity: Wh, ask: Price): MilliAtoms | undefined {
  return lock(terms, quantity, fitting(shortfall(terms, ask) - Math.min(ask, 0)));
}

/** What an order in this book locks. Undefined where the market would refuse it: off the grid. */
export function orderLock(
  book: Terms & { floorPrice: number; tickSize: number; ticks: number },
  { side, tick, quantity }: Pick<NewOrder, "side" | "tick" | "quantity">,
): MilliAtoms | undefined {
  const limit = priceAt(book, tick);
  if (limit === undefined) return undefined;
  return side === Side.Buy ? buyLock(book, quantity, limit) : sellLock(book, quantity, limit);
}
