import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { address, createNoopSigner } from "@solana/kit";

import { market, price, wh, windowAccount } from "../src/index.js";
import { bytes, fixture, rpcOf } from "./fixture.js";
import { bid } from "./readme-example.js";

// Compiled tests lie in dist/test.
const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("the README shows the example that is compiled here", () => {
  const [, block] = /```ts\n([^]*?)```/.exec(text("README.md")) ?? [];
  assert.equal(block, text("test/readme-example.ts"));
});

test("the README's example bids in an open window", async () => {
  const data = bytes(fixture("window.json").data);
  const marketAddress = market.getWindowDecoder().decode(data).market;
  const community = address("11111111111111111111111111111111");
  // Of the market's parameters, only these are looked at.
  const parameters = new Uint8Array(market.getMarketSize());
  parameters.set(market.MARKET_DISCRIMINATOR);
  const view = new DataView(parameters.buffer);
  const terms = 8 + 5 * 32;
  view.setUint32(terms + 112, 300, true);
  view.setUint16(terms + 116, 8, true);
  const { windowSeconds, ring } = market.getMarketDecoder().decode(parameters);
  assert.deepEqual([windowSeconds, ring], [300, 8]);

  const start = market.getWindowDecoder().decode(data).start;
  const slot = await windowAccount(marketAddress, { windowSeconds, ring }, start);
  assert.ok(slot);
  const rpc = rpcOf({ [marketAddress]: parameters, [slot.address]: data });
  const trader = createNoopSigner(community);
  const { instruction, locks } = await bid(
    rpc,
    marketAddress,
    trader,
    start,
    wh(1000),
    price(171_999),
  );
  assert.equal(locks, 191_700_000n);
  assert.equal(instruction.accounts[4].address, slot.address);
  const { orders } = market.getPlaceOrdersInstructionDataDecoder().decode(instruction.data);
  assert.deepEqual(orders, [{ quantity: 1000, tick: 60, side: 0, node: 0 }]);

  const elsewhere = bid(rpc, marketAddress, trader, start + 1n, wh(1), price(1));
  await assert.rejects(elsewhere, /windows start every 300 s/);
});
