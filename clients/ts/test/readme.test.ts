import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "vitest";

import { address, createNoopSigner } from "@solana/kit";

import { Addresses, market, price, wh } from "../src/index.js";
import { bytes, fixture, rpcOf } from "./fixture.js";
import { bid } from "./readme-example.js";

const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("the README shows the example that is compiled here", () => {
  const [, block] = /```ts\n([^]*?)```/.exec(text("README.md")) ?? [];
  assert.equal(block, text("test/readme-example.ts"));
});

/** A market with these rings; the rest of its parameters is zero. */
const parameters = (() => {
  const zero = new Uint8Array(market.getMarketSize());
  zero.set(market.MARKET_DISCRIMINATOR);
  return {
    ...market.getMarketDecoder().decode(zero),
    ...{ windowSeconds: 300, pageWindows: 4, books: 8, pages: 6 },
  };
})();

test("the README's example bids in an open window", async () => {
  const addresses = await Addresses.ofMarket(parameters);
  const data = bytes(fixture("book.json").data);
  const start = market.getBookDecoder().decode(data).start;
  const book = await addresses.book(start);
  const rpc = rpcOf({
    [addresses.market]: market.getMarketEncoder().encode(parameters),
    [book]: data,
  });
  const trader = createNoopSigner(address("11111111111111111111111111111111"));
  const bidAt = (time: bigint) =>
    bid(rpc, addresses.market, trader, time, wh(1000), price(171_999));

  const { instruction, locks } = await bidAt(start);
  assert.equal(locks, 191_700_000n);
  assert.equal(instruction.accounts[4].address, book);
  const { orders } = market.getPlaceOrdersInstructionDataDecoder().decode(instruction.data);
  const order = { quantity: 1000, tick: 60, clientId: 1, side: 0, node: 0, reserved: 0 };
  assert.deepEqual(orders, [order]);

  // The slot has another window's book then.
  await assert.rejects(bidAt(start + 8n * 300n), /not open for orders/);
});
