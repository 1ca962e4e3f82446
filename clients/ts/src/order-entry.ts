// Orders as people enter them. What is bought has a price `atMost`, what is sold one `atLeast`: each is rounded to the tick that
// keeps this promise, and there is no way to have one rounded like the other.

import { kWh, tokensPerKwh, type TokenDecimals } from "./amounts.js";
import { Side } from "./generated/market/types/side.js";
import type { OrderToPlace } from "./instructions/orders.js";
import {
  tickAtOrAbove,
  tickAtOrBelow,
  UnitError,
  type Price,
  type PriceGrid,
  type Wh,
} from "./units.js";

/** kWh as text, such as "1.5"; or Wh. */
export type EnergyEntry = string | Wh;
/** Tokens per kWh as text, such as "0.21"; or atoms per kWh. */
export type PriceEntry = string | Price;

/** To buy energy. */
export type Bid = Readonly<{
  buy: EnergyEntry;
  /** The highest price to pay. */
  atMost: PriceEntry;
  /** 1 to 65,535, or none. See `placeOrders`. */
  clientId?: number;
}>;

/** To sell energy. */
export type Offer = Readonly<{
  sell: EnergyEntry;
  /** The lowest price to take. */
  atLeast: PriceEntry;
  clientId?: number;
}>;

/** An order as it is entered. */
export type OrderEntry = Bid | Offer;

/** The order on a window's price grid. Throws a UnitError for what is no amount, and for a limit that no tick can keep. */
export function enteredOrder(
  grid: PriceGrid,
  token: TokenDecimals,
  entry: OrderEntry,
): OrderToPlace {
  const clientId = entry.clientId ?? 0;
  if ("buy" in entry) {
    const limit = priceOf(token, entry.atMost);
    const tick = tickAtOrBelow(grid, limit);
    if (tick === undefined) throw new UnitError(offGrid(limit, "below the lowest"));
    return { side: Side.Buy, tick, quantity: energyOf(entry.buy), clientId };
  }
  const limit = priceOf(token, entry.atLeast);
  const tick = tickAtOrAbove(grid, limit);
  if (tick === undefined) throw new UnitError(offGrid(limit, "above the highest"));
  return { side: Side.Sell, tick, quantity: energyOf(entry.sell), clientId };
}

export function energyOf(entry: EnergyEntry): Wh {
  return typeof entry === "string" ? kWh(entry) : entry;
}

export function priceOf(token: TokenDecimals, entry: PriceEntry): Price {
  return typeof entry === "string" ? tokensPerKwh(token, entry) : entry;
}

const offGrid = (limit: Price, where: string) =>
  `the limit of ${limit} atoms per kWh is ${where} price of the window; choose one on its grid`;
