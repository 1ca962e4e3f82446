// Where a book's curves cross: what its orders would come to if the gate closed now. The market's rule is in crates/auction;
// what is shown of a cleared window is what the market itself has found.

import { priceAt, tick, type DeliveryWindow, type Price } from "@joulebook/client";

export type Crossing = Readonly<{
  /** Atoms per kWh: what everybody would pay. */
  price: Price;
  /** Wh that would change hands. */
  volume: bigint;
}>;

/** Undefined where nothing would be traded. */
export function crossingOf(
  window: Pick<DeliveryWindow, "clearing" | "book">,
): Crossing | undefined {
  const { clearing, book } = window;
  if (clearing) return clearing.volume > 0n ? clearing : undefined;
  const levels = book.levels.slice(0, book.header.ticks);
  const asked = levels.reduce((sum, { buy }) => sum + buy, 0n);

  let volume = 0n;
  let [demand, supply] = [asked, 0n];
  let [lowest, highest]: [number | undefined, number] = [undefined, 0];
  let before = 0n;
  for (const [at, { buy, sell }] of levels.entries()) {
    supply += sell;
    const least = demand < supply ? demand : supply;
    if (least > volume) volume = least;
    demand -= buy;
    // A buy is a fixed demand and a sell at its limit: a tick clears the book where the sums meet all that is asked for.
    const sum = before + buy + sell;
    if (before <= asked && asked <= sum) {
      lowest ??= at;
      highest = at;
    }
    before = sum;
  }
  if (volume === 0n || lowest === undefined) return undefined;
  const [low, high] = [priceAt(book.header, tick(lowest))!, priceAt(book.header, tick(highest))!];
  return { price: Math.floor((low + high) / 2) as Price, volume };
}

/** A corner of a curve: energy in Wh from left to right, price in atoms per kWh. */
export type Corner = Readonly<{ energy: number; price: number }>;

/** Both curves as stairs, demand from the highest bid down, supply from the lowest offer up; they end at the outer prices, or beyond. */
export function stairsOf(
  { demand, supply }: DeliveryWindow["curves"],
  [lowest, highest]: readonly [number, number],
): Readonly<{ demand: Corner[]; supply: Corner[] }> {
  const stairs = (
    points: readonly { price: number; energy: bigint }[],
    end: number,
    isDown: boolean,
  ) => {
    const corners: Corner[] = [];
    for (const { price, energy } of points)
      corners.push(
        { energy: corners.at(-1)?.energy ?? 0, price },
        { energy: Number(energy), price },
      );
    // Beyond the last one there is nothing at any price.
    const last = corners.at(-1);
    if (last)
      corners.push({
        energy: last.energy,
        price: isDown ? Math.min(end, last.price) : Math.max(end, last.price),
      });
    return corners;
  };
  return {
    demand: stairs([...demand].reverse(), lowest, true),
    supply: stairs(supply, highest, false),
  };
}
