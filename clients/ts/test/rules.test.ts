import assert from "node:assert/strict";
import { test } from "vitest";

import {
  allIn,
  buyLock,
  dueStep,
  lastBoundary,
  market,
  marketFee,
  marketGrid,
  nextStep,
  orderLock,
  price,
  priceAt,
  programSigner,
  ringSlot,
  sellLock,
  shortfall,
  surplus,
  termsAt,
  tick,
  tickAtOrAbove,
  tickAtOrBelow,
  wh,
  windowTimes,
} from "../src/index.js";
import { assertIsFixture, fixture } from "./fixture.js";

/** JSON has no undefined. */
const orNull = <Value>(value: Value | undefined) => value ?? null;

test("ring slots are those of the programs", () => {
  for (const { start, length, ring, slot } of fixture("rings.json").slots) {
    assert.equal(orNull(ringSlot(BigInt(start), length, ring)), slot, `${start} ${length} ${ring}`);
  }
});

test("the address that signs for a program is the one that the market admits", async () => {
  for (const { market: owner, program, signer } of fixture("program-signers.json")) {
    assert.equal(await programSigner(owner, program), signer);
  }
});

test("a boundary is never after its time, before 1970 either", () => {
  assert.equal(lastBoundary(1_793_577_899n, 300), 1_793_577_600n);
  assert.equal(lastBoundary(1_793_577_600n, 300), 1_793_577_600n);
  assert.equal(lastBoundary(-1n, 300), -300n);
  assert.equal(lastBoundary(17n, 0), 17n);
});

test("prices and ticks are those of the programs", () => {
  const { prices, atOrBelow } = fixture("grids.json");
  for (const { grid, tick: at, price: expected } of prices) {
    assert.equal(orNull(priceAt(grid, tick(at))), expected);
  }
  const grid = { floorPrice: 50_000, tickSize: 2_000, ticks: 128 };
  for (const { price: limit, tick: expected } of atOrBelow) {
    assert.equal(orNull(tickAtOrBelow(grid, price(limit))), expected, `${limit}`);
  }
});

test("an ask is rounded up to a tick, never down", () => {
  const grid = { floorPrice: 50_000, tickSize: 2_000, ticks: 128 };
  const found = [0, 50_000, 50_001, 52_000, 304_000, 304_001].map((ask) =>
    orNull(tickAtOrAbove(grid, price(ask))),
  );
  assert.deepEqual(found, [0, 0, 1, 1, 127, null]);
});

test("locks are those of the program", () => {
  for (const { terms, quantity, price: limit, ...expected } of fixture("locks.json")) {
    const [energy, at] = [wh(quantity), price(limit)];
    const found = {
      marketFee: marketFee(terms, at),
      allIn: orNull(allIn(terms, at)),
      shortfall: shortfall(terms, at),
      surplus: surplus(terms, at),
      buyLock: orNull(buyLock(terms, energy, at)),
      sellLock: orNull(sellLock(terms, energy, at)),
    };
    assertIsFixture(found, expected);
  }
});

test("an order's lock is that of its tick's price", () => {
  const book = {
    ...{ floorPrice: 50_000, tickSize: 2_000, ticks: 128 },
    ...{ short: 300_000, long: 80_000, gridFee: 20_000, feeBps: 100, minLock: 1 },
  };
  const at = (side: market.Side, index: number) =>
    orderLock(book, { side, tick: tick(index), quantity: wh(1000) });
  // 0.17 + 0.02 + 0.0017 per kWh to buy; 0.30 less 0.17 to fail to deliver.
  assert.equal(at(market.Side.Buy, 60), 191_700_000n);
  assert.equal(at(market.Side.Sell, 60), 130_000_000n);
  assert.equal(at(market.Side.Buy, 128), undefined);
});

test("planned terms hold from their first window on, for the price grid too", () => {
  const zero = market.getMarketTermsDecoder().decode(new Uint8Array(120));
  const terms = { ...zero, floorPrice: price(50_000), tickSize: 2_000 };
  const planned = { ...zero, floorPrice: price(-50_000), tickSize: 1_000 };
  const parameters = { terms, plannedTerms: planned, plannedTermsFrom: 1_200n, ticks: 128 };
  assert.equal(termsAt(parameters, 900n), terms);
  assert.equal(termsAt(parameters, 1_200n), planned);
  const before = { floorPrice: 50_000, tickSize: 2_000, ticks: 128 };
  assert.deepEqual(marketGrid(parameters, 900n), before);
  const after = { floorPrice: -50_000, tickSize: 1_000, ticks: 128 };
  assert.deepEqual(marketGrid(parameters, 1_200n), after);
});

test("a book's next step is that of the program's table", () => {
  const cases = fixture("window-steps.json");
  assert.equal(cases.length, 5);
  for (const { phase, due } of cases) assert.equal(orNull(nextStep({ phase })), due, `${phase}`);
});

test("a book is cleared once its gate has closed, and allocated at once", () => {
  const gate = 1_793_577_540n;
  const at = (phase: market.Phase, now: bigint) => dueStep({ phase, gate }, now);
  assert.equal(at(market.Phase.Open, gate - 1n), undefined);
  assert.equal(at(market.Phase.Open, gate), "clear");
  assert.equal(at(market.Phase.Cleared, 0n), "allocate");
  assert.equal(at(market.Phase.Allocated, gate), undefined);
});

test("a window's times follow from the terms that hold for it", () => {
  const terms = (horizon: number) => ({ horizon, gateLead: 60 }) as market.MarketTerms;
  const parameters = {
    ...{ terms: terms(900), plannedTerms: terms(600), plannedTermsFrom: 3_000n },
    windowSeconds: 300,
  };
  const times = windowTimes(parameters, 2_700n);
  assert.deepEqual(times, { opens: 1_800n, gate: 2_640n, start: 2_700n, end: 3_000n });
  assert.equal(windowTimes(parameters, 3_000n).opens, 2_400n);
});
