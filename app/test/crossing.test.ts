import { price } from "@joulebook/client";
import { expect, test } from "vitest";

import { crossingOf, stairsOf } from "../src/market/crossing";
import { windowWith } from "./window";

test("given bids above offers when crossed then the middle of the prices that clear, and what both sides can", () => {
  // Bids of 1 kWh at 25 ct and at 20 ct, an offer of 1.5 kWh at 10 ct: half of the second bid is filled, and sets the price.
  expect(crossingOf(windowWith({ 3: 1_000, 2: 1_000 }, { 0: 1_500 }))).toEqual({
    price: 200_000,
    volume: 1_500n,
  });
  // As much is asked for as offered: any price from 10 ct to 25 ct clears.
  expect(crossingOf(windowWith({ 3: 1_000 }, { 0: 1_000 }))).toEqual({
    price: 175_000,
    volume: 1_000n,
  });
});

test("given an offer above every bid when crossed then nothing", () => {
  expect(crossingOf(windowWith({ 0: 1_000 }, { 4: 1_000 }))).toBeUndefined();
});

test("given no orders when crossed then nothing", () => {
  expect(crossingOf(windowWith({}, {}))).toBeUndefined();
});

test("given a window that was cleared when crossed then what the market found", () => {
  const clearing = { price: price(123_456), volume: 7n };
  expect(crossingOf(windowWith({ 3: 1 }, { 0: 1 }, { clearing }))).toEqual(clearing);
});

test("given a bid when drawn then its stair goes over its energy and falls to the lowest price", () => {
  const { demand } = stairsOf(windowWith({ 2: 500 }, {}).curves, [0, 400_000]);
  expect(demand).toEqual([
    { energy: 0, price: 200_000 },
    { energy: 500, price: 200_000 },
    { energy: 500, price: 0 },
  ]);
});

/** Watt-hour by watt-hour: the highest bids meet the lowest offers, as the design says it. */
function matchedOneByOne(bids: Record<number, number>, offers: Record<number, number>) {
  const units = (of: Record<number, number>) =>
    Object.entries(of).flatMap(([at, energy]) => Array<number>(energy).fill(Number(at)));
  const buys = units(bids).sort((one, other) => other - one);
  const sells = units(offers).sort((one, other) => one - other);
  let volume = 0;
  while (volume < buys.length && volume < sells.length && buys[volume]! >= sells[volume]!) volume++;
  if (volume === 0) return undefined;
  // What comes next of an order that is partly filled counts as unfilled, at the same price.
  const low = Math.max(sells[volume - 1]!, buys[volume] ?? 0);
  const high = Math.min(buys[volume - 1]!, sells[volume] ?? 4);
  const at = (tick: number) => 100_000 + tick * 50_000;
  return { price: Math.floor((at(low) + at(high)) / 2), volume: BigInt(volume) };
}

test("given random books when crossed then as matched watt-hour by watt-hour", () => {
  let seed = 20_261_127;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let book = 0; book < 2_000; book++) {
    const levels = () =>
      Object.fromEntries(Array.from({ length: 5 }, (_, at) => [at, random(3) ? random(6) : 0]));
    const [bids, offers] = [levels(), levels()];
    expect(
      crossingOf(windowWith(bids, offers)),
      `bids ${JSON.stringify(bids)}, offers ${JSON.stringify(offers)}`,
    ).toEqual(matchedOneByOne(bids, offers));
  }
});
