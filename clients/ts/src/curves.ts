// What is bid and offered in a window, as curves over the price: from the sums that a book keeps for each tick.

import type { BookTable } from "./book.js";
import { priceAt, tick, whSum, type Price, type WhSum } from "./units.js";

/** At this price, so much is asked for, or offered, in all. */
export type CurvePoint = Readonly<{ price: Price; energy: WhSum }>;

/** Both curves have a point for each price at which something is ordered, from the lowest price to the highest. */
export type Curves = Readonly<{
  /** What buyers would take at a price: falls as the price rises. */
  demand: readonly CurvePoint[];
  /** What sellers would give at a price: rises with it. */
  supply: readonly CurvePoint[];
}>;

/** The curves of a book's orders that stand. Once it is cleared they no longer change. */
export function curvesOf({ header, levels }: Pick<BookTable, "header" | "levels">): Curves {
  const prices = Array.from({ length: header.ticks }, (_, at) => priceAt(header, tick(at))!);
  return {
    demand: cumulated(prices, levels.map(({ buy }) => buy).slice(0, header.ticks), "down"),
    supply: cumulated(prices, levels.map(({ sell }) => sell).slice(0, header.ticks), "up"),
  };
}

/** Buyers at a price pay any lower one: their sums run from the top down; those of sellers from the bottom up. */
function cumulated(
  prices: readonly Price[],
  sums: readonly WhSum[],
  direction: "up" | "down",
): CurvePoint[] {
  const places = sums.map((_, place) => place);
  if (direction === "down") places.reverse();
  let energy = 0n;
  const points = places.flatMap((place): CurvePoint[] => {
    const sum = sums[place]!;
    if (sum === 0n) return [];
    energy += sum;
    return [{ price: prices[place]!, energy: whSum(energy) }];
  });
  return direction === "down" ? points.reverse() : points;
}
