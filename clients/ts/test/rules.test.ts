import assert from "node:assert/strict";
import { test } from "node:test";

import { address } from "@solana/kit";

import {
  allIn,
  buyLock,
  intervalAccount,
  lastBoundary,
  market,
  marketFee,
  orderLock,
  price,
  priceAt,
  programSigner,
  ringSlot,
  sellLock,
  shortfall,
  surplus,
  tick,
  tickAtOrAbove,
  tickAtOrBelow,
  wh,
  windowAccount,
} from "../src/index.js";
import { assertIsFixture, fixture } from "./fixture.js";

/** JSON has no undefined. */
const orNull = <Value>(value: Value | undefined) => value ?? null;

test("ring slots are those of the programs", () => {
  for (const { start, length, ring, slot } of fixture("rings.json").slots) {
    assert.equal(orNull(ringSlot(BigInt(start), length, ring)), slot, `${start} ${length} ${ring}`);
  }
});

test("ring accounts are at the programs' addresses", async () => {
  const { owner, addresses } = fixture("rings.json");
  const table = { windowSeconds: 300, intervalSeconds: 300, ring: 1024 };
  for (const { slot, window, interval } of addresses) {
    const start = BigInt(slot) * 300n;
    assert.deepEqual(await windowAccount(owner, table, start), { address: window, slot });
    assert.deepEqual(await intervalAccount(owner, table, start), { address: interval, slot });
  }
  assert.equal(await windowAccount(address(owner), table, 301n), undefined);
  assert.equal(await intervalAccount(address(owner), table, 301n), undefined);
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
  const window = {
    ...{ floorPrice: 50_000, tickSize: 2_000, ticks: 128 },
    ...{ short: 300_000, long: 80_000, gridFee: 20_000, feeBps: 100, minLock: 1 },
  };
  const at = (side: market.Side, index: number) =>
    orderLock(window, { side, tick: tick(index), quantity: wh(1000) });
  // 0.17 + 0.02 + 0.0017 per kWh to buy; 0.30 less 0.17 to fail to deliver.
  assert.equal(at(market.Side.Buy, 60), 191_700_000n);
  assert.equal(at(market.Side.Sell, 60), 130_000_000n);
  assert.equal(at(market.Side.Buy, 128), undefined);
});
