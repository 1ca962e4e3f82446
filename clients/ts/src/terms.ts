// The terms that hold for a window: those of the market that are in force, or those planned.

import type { Market, MarketTerms } from "./generated/market/index.js";
import type { PriceGrid } from "./units.js";

/** The terms of a window that starts at `start`, unix seconds, unless new ones are planned until it opens. */
export function termsAt(
  market: Pick<Market, "terms" | "plannedTerms" | "plannedTermsFrom">,
  start: bigint,
): MarketTerms {
  return start >= market.plannedTermsFrom ? market.plannedTerms : market.terms;
}

/** The price grid of a window that starts at `start`, likewise. Once it is open, its book's header has it. */
export function marketGrid(
  market: Pick<Market, "ticks" | "terms" | "plannedTerms" | "plannedTermsFrom">,
  start: bigint,
): PriceGrid {
  const { floorPrice, tickSize } = termsAt(market, start);
  return { floorPrice, tickSize, ticks: market.ticks };
}
