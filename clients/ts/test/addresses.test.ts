import assert from "node:assert/strict";
import { test } from "vitest";

import { address } from "@solana/kit";

import { Addresses, market, oracle, programSigner, registry } from "../src/index.js";
import { fixture } from "./fixture.js";

const community = address("11111111111111111111111111111112");
const quoteMint = address("11111111111111111111111111111113");
const tokenProgram = address("11111111111111111111111111111114");
const someone = address("11111111111111111111111111111115");

/** Windows of 300 s, pages of 1,200 s. */
const rings = { market: 2, windowSeconds: 300, pageWindows: 4, books: 8, pages: 5 };
const addresses = await Addresses.of(community, quoteMint, tokenProgram, rings);

test("slots of rings are at the programs' addresses", async () => {
  const { owner, addresses } = fixture("rings.json");
  for (const { slot, ...expected } of addresses) {
    const [[book], [page], [intervalPage]] = await Promise.all([
      market.findBookPda({ market: owner, slot }),
      market.findPagePda({ market: owner, slot }),
      oracle.findPagePda({ meterTable: owner, slot }),
    ]);
    assert.deepEqual({ book, page, intervalPage }, expected);
  }
});

test("single accounts follow from the community, the market and its programs", async () => {
  const { ledger, meterTable } = addresses;
  assert.equal(addresses.market, (await market.findMarketPda({ community, number: 2 }))[0]);
  const of = { market: addresses.market };
  assert.equal(ledger, (await market.findLedgerPda(of))[0]);
  assert.equal(addresses.vault, (await market.findVaultPda(of))[0]);
  assert.equal(addresses.history, (await market.findHistoryPda(of))[0]);
  assert.equal(addresses.standingOrders, (await market.findStandingOrdersPda(of))[0]);
  assert.equal(meterTable, (await oracle.findMeterTablePda({ community }))[0]);
  const [participant] = await registry.findParticipantPda({ community, wallet: someone });
  assert.equal(await addresses.participant(someone), participant);
  const [admission] = await market.findAdmissionPda({ ...of, program: someone });
  assert.equal(await addresses.admission(someone), admission);
  const [hold] = await market.findHoldPda({ admission, seat: 3 });
  assert.equal(await addresses.holdOf(someone, 3), hold);
  assert.equal(
    await addresses.programSigner(someone),
    await programSigner(addresses.market, someone),
  );
});

test("each market of a community has accounts of its own", async () => {
  const other = await Addresses.of(community, quoteMint, tokenProgram, { ...rings, market: 3 });
  assert.notEqual(other.market, addresses.market);
  assert.notEqual(await other.book(0n), await addresses.book(0n));
  assert.equal(other.meterTable, addresses.meterTable);
  assert.equal(await other.intervalPage(0n), await addresses.intervalPage(0n));
});

test("those of a market are those of its community, token and rings", async () => {
  const zero = new Uint8Array(market.getMarketSize());
  zero.set(market.MARKET_DISCRIMINATOR);
  const parameters = market.getMarketDecoder().decode(zero);
  const found = await Addresses.ofMarket({
    ...{ ...parameters, ...rings, number: 2 },
    ...{ community, quoteMint, tokenProgram },
  });
  assert.deepEqual(found, addresses);
});

test("each ring goes by its own length", async () => {
  // Window 31 is the last of page 7.
  const start = 300n * 31n;
  assert.equal(await addresses.book(start), await addresses.bookSlot(7));
  assert.equal(await addresses.page(start), await addresses.pageSlot(2));
  assert.equal(await addresses.intervalPage(start), await addresses.intervalPageSlot(2));
  assert.equal(addresses.pageStart(start), 8_400n);
  assert.equal(addresses.windowNumber(start), 3);
});

test("rings go on backwards before 1970", async () => {
  assert.equal(await addresses.book(-300n), await addresses.bookSlot(7));
  assert.equal(await addresses.page(-300n), await addresses.pageSlot(4));
  assert.equal(addresses.pageStart(-300n), -1_200n);
  assert.equal(addresses.windowNumber(-300n), 3);
});

test("a time stands for the window and the page that hold it", async () => {
  assert.equal(await addresses.book(2_699n), await addresses.book(2_400n));
  assert.equal(await addresses.page(3_599n), await addresses.page(2_400n));
  assert.equal(addresses.windowStart(2_999n), 2_700n);
  assert.equal(addresses.pageStart(3_599n), 2_400n);
  assert.equal(addresses.windowNumber(2_999n), 1);
});

test("after a round of a ring the same account comes again", async () => {
  assert.equal(await addresses.book(0n), await addresses.book(300n * 8n));
  assert.notEqual(await addresses.book(0n), await addresses.book(300n * 7n));
  assert.equal(await addresses.page(0n), await addresses.page(1_200n * 5n));
  assert.notEqual(await addresses.page(0n), await addresses.page(1_200n * 4n));
});

test("rings without lengths have slot 0 alone", async () => {
  const none = { market: 0, windowSeconds: 0, pageWindows: 0, books: 0, pages: 0 };
  const empty = await Addresses.of(community, quoteMint, tokenProgram, none);
  assert.equal(await empty.book(301n), await empty.bookSlot(0));
  assert.equal(await empty.page(301n), await empty.pageSlot(0));
  assert.equal(empty.pageStart(301n), 301n);
  assert.equal(empty.windowNumber(301n), 0);
});
