import assert from "node:assert/strict";
import { test } from "vitest";

import { address, createNoopSigner } from "@solana/kit";

import {
  Addresses,
  atoms,
  instructions,
  market,
  milliAtoms,
  oracle,
  price,
  registry,
  secp256r1CheckInstruction,
  tick,
  wh,
  whSum,
} from "../src/index.js";

const [community, quoteMint, tokenProgram] = [
  address("11111111111111111111111111111112"),
  address("11111111111111111111111111111113"),
  address("11111111111111111111111111111114"),
] as const;
const trader = createNoopSigner(address("11111111111111111111111111111115"));
const owner = createNoopSigner(address("11111111111111111111111111111116"));
const account = address("11111111111111111111111111111117");

const rings = { market: 0, windowSeconds: 300, pageWindows: 4, books: 8, pages: 5 };
const addresses = await Addresses.of(community, quoteMint, tokenProgram, rings);
const { ledger, meterTable, vault } = addresses;
const [participant] = await registry.findParticipantPda({ community, wallet: owner.address });

/** The third window of its page. */
const start = 9_000n;
const book = await addresses.bookSlot(6);
const page = await addresses.pageSlot(2);
const intervalPage = await addresses.intervalPageSlot(2);

const instructionsSysvar = address("Sysvar1nstructions1111111111111111111111111");
const p256Signed = {
  publicKey: new Uint8Array(33).fill(2),
  signature: new Uint8Array(64).fill(1),
};

/** The addresses of an instruction's accounts, by their names. */
const named = (accounts: Record<string, { address: string } | undefined>) =>
  Object.fromEntries(Object.entries(accounts).map(([name, meta]) => [name, meta?.address]));

test("orders are placed in the book of their window, for their owner's seat", async () => {
  const order = { side: market.Side.Sell, tick: tick(7), quantity: wh(1000) };
  const orders = [{ ...order, clientId: 9 }, order];
  const { accounts, data } = market.parsePlaceOrdersInstruction(
    await instructions.placeOrders(addresses, trader, owner.address, start, orders),
  );
  assert.deepEqual(named(accounts), {
    ...{ trader: trader.address, community, participant, ledger, book },
  });
  assert.equal(data.start, start);
  const placed = { ...order, node: 0, reserved: 0 };
  assert.deepEqual(data.orders, [
    { ...placed, clientId: 9 },
    { ...placed, clientId: 0 },
  ]);
});

test("orders are cancelled in the book of their window", async () => {
  const orders = [{ index: 3, sequence: 1 }];
  const { accounts, data } = market.parseCancelOrdersInstruction(
    await instructions.cancelOrders(addresses, trader, 4, start, orders),
  );
  assert.deepEqual(named(accounts), { trader: trader.address, ledger, book });
  assert.deepEqual([data.start, data.seat, data.orders], [start, 4, orders]);
});

test("readings go to the page of their interval", async () => {
  const reading = {
    ...{ signature: new Uint8Array(64).fill(1), meter: 5, boundary: start + 300n, sequence: 2n },
    ...{ import: whSum(10), export: whSum(20), flags: 0 },
  };
  const { accounts, data } = oracle.parseSubmitReadingsInstruction(
    await instructions.submitReadings(addresses, start, [reading]),
  );
  assert.deepEqual(named(accounts), { meterTable, page: intervalPage });
  assert.deepEqual(data.readings, [reading]);
});

test("load profiles go to the page that they lie in", async () => {
  const profile = {
    ...{ signature: new Uint8Array(64).fill(1), meter: 5, boundary: start + 900n, sequence: 2n },
    ...{ import: whSum(10), export: whSum(20), intervals: 3, flags: 0 },
    values: new Uint8Array([0, 4, 8]),
  };
  const { accounts, data } = oracle.parseSubmitProfilesInstruction(
    await instructions.submitProfiles(addresses, start, [profile]),
  );
  assert.deepEqual(named(accounts), { meterTable, page: intervalPage });
  assert.deepEqual(data.profiles, [profile]);
});

test("checked load profiles go there right behind their check", async () => {
  const signed = { ...p256Signed, message: new Uint8Array([1, 2, 3]) };
  const [check, submit] = await instructions.submitCheckedProfiles(addresses, start, [signed]);
  assert.deepEqual(check, secp256r1CheckInstruction([signed]));
  const { accounts } = oracle.parseSubmitCheckedProfilesInstruction(submit);
  assert.deepEqual(named(accounts), {
    ...{ meterTable, page: intervalPage, instructions: instructionsSysvar },
  });
});

test("a copied key is proven with a reading and a load profile", () => {
  const reading = {
    ...{ signature: new Uint8Array(64).fill(1), meter: 5, boundary: start + 300n, sequence: 2n },
    ...{ import: whSum(10), export: whSum(20), flags: 0 },
  };
  const profile = { ...reading, intervals: 2, values: new Uint8Array([4, 8]) };
  const [first, second] = [
    oracle.signedMessage("Reading", [reading]),
    oracle.signedMessage("Profile", [profile]),
  ];
  const { accounts, data } = oracle.parseProveKeyCopiedInstruction(
    instructions.proveKeyCopied(addresses, first, second),
  );
  assert.deepEqual(named(accounts), { meterTable });
  assert.deepEqual([data.first, data.second], [first, second]);
});

test("a copied key of P-256 is proven right behind the check of two messages", () => {
  const signed = [
    { ...p256Signed, message: new Uint8Array([1]) },
    { ...p256Signed, message: new Uint8Array([2]) },
  ] as const;
  const [check, prove] = instructions.proveCheckedKeyCopied(addresses, signed);
  assert.deepEqual(check, secp256r1CheckInstruction(signed));
  const { accounts } = oracle.parseProveCheckedKeyCopiedInstruction(prove);
  assert.deepEqual(named(accounts), { meterTable, instructions: instructionsSysvar });
});

test("prices are posted from the number of their window on", async () => {
  const prices = [{ short: price(300_000), long: price(80_000), gridFee: price(20_000) }];
  const { accounts, data } = market.parsePostPricesInstruction(
    await instructions.postPrices(addresses, trader, start, prices),
  );
  assert.deepEqual(named(accounts), {
    ...{ supplier: trader.address, market: addresses.market, ledger, page },
  });
  assert.deepEqual([data.firstWindow, data.prices], [2, prices]);
});

test("positions are settled on the two pages that hold the time", async () => {
  const { accounts, data } = market.parseSettleInstruction(
    await instructions.settle(
      addresses,
      start + 299n,
      { first: 1, count: 3 },
      { first: 40, count: 2 },
    ),
  );
  assert.deepEqual(named(accounts), { ledger, page, meterTable, intervalPage });
  const { firstWindow, windows, firstSeat, seats } = data;
  assert.deepEqual(
    { firstWindow, windows, firstSeat, seats },
    {
      ...{ firstWindow: 1, windows: 3, firstSeat: 40, seats: 2 },
    },
  );
});

test("a seat is opened for whoever signs", async () => {
  const { accounts } = market.parseOpenSeatInstruction(
    await instructions.openSeat(addresses, owner),
  );
  assert.deepEqual(named(accounts), {
    ...{ owner: owner.address, market: addresses.market, participant, ledger },
  });
});

test("money goes between a token account and the vault", () => {
  const tokens = { market: addresses.market, ledger, vault, quoteMint, tokenProgram };
  const deposit = market.parseDepositInstruction(
    instructions.deposit(addresses, trader, account, 4, atoms(7)),
  );
  assert.deepEqual(named(deposit.accounts), {
    ...{ ...tokens, depositor: trader.address, source: account },
  });
  assert.deepEqual([deposit.data.seat, deposit.data.amount], [4, 7n]);

  const withdraw = market.parseWithdrawInstruction(
    instructions.withdraw(addresses, owner, account, 4, atoms(7)),
  );
  assert.deepEqual(named(withdraw.accounts), {
    ...{ ...tokens, owner: owner.address, destination: account },
  });
  assert.deepEqual([withdraw.data.seat, withdraw.data.amount], [4, 7n]);
});

test("a delegate is named with bounds, or removed", () => {
  const named = (delegate: typeof account | null, more = {}) =>
    market.parseSetDelegateInstruction(
      instructions.setDelegate(addresses, owner, 4, delegate, {
        dailyLimit: milliAtoms(50),
        ...more,
      }),
    ).data;
  const { delegate, bounds, seat } = named(account);
  assert.deepEqual([delegate, seat], [{ __option: "Some", value: account }, 4]);
  const anyPrice = { highestBuy: 2_147_483_647, lowestSell: -2_147_483_648 };
  assert.deepEqual(bounds, { dailyLimit: 50n, ...anyPrice });
  const bounded = named(account, { highestBuy: price(0), lowestSell: price(-7) }).bounds;
  assert.deepEqual(bounded, { dailyLimit: 50n, highestBuy: 0, lowestSell: -7 });
  assert.deepEqual(named(null).delegate, { __option: "None" });
});

test("claims are paid out of the ledger", () => {
  const { accounts } = market.parsePayClaimsInstruction(instructions.payClaims(addresses));
  assert.deepEqual(named(accounts), { market: addresses.market, ledger });
});

test("a supplier is named with its own signature and its participant", async () => {
  const { accounts, data } = market.parseReplaceSupplierInstruction(
    await instructions.replaceSupplier(addresses, trader, owner, 5n),
  );
  assert.equal(data.events, 5n);
  assert.deepEqual(named(accounts), {
    ...{ authority: trader.address, supplier: owner.address, community },
    ...{ market: addresses.market, participant, ledger },
  });
});
