import assert from "node:assert/strict";

import { generateKeyPairSigner, type Address } from "@solana/kit";
import fc from "fast-check";
import { beforeEach, test } from "vitest";

import {
  cancelOrders,
  ClientIdUsedError,
  deposit,
  EmptyWalletError,
  ExpiredError,
  isRefusal,
  LaggingClockError,
  market as programs,
  MissingAccountError,
  MissingProgramError,
  NoSeatError,
  NotOpenError,
  openMarket,
  openWindows,
  placeOrders,
  readOrders,
  readSeat,
  readWindow,
  replaceOrders,
  setDelegate,
  withdraw,
  WrongClusterError,
  WrongLayoutError,
  type MarketHandle,
  type RefusalName,
  type RefusedError,
} from "../src/index.js";
import { foundLocally, type LocalCommunity } from "./chain/founded.js";

const refused = (reason: RefusalName) => (error: unknown) => {
  assert.ok(isRefusal(error, reason), `${reason}, not ${(error as RefusedError).reason ?? error}`);
  return true;
};
const bid = { buy: "1.5", atMost: "0.2105" };

let local: LocalCommunity;
let market: MarketHandle;
let start: bigint;
beforeEach(async () => {
  local = await foundLocally(2);
  market = await local.open();
  start = local.start;
});

test("given an open window when a bid is placed then it stands, and the seat says why money is locked", async () => {
  const [window] = await openWindows(market);
  const { orders, receipt } = await placeOrders(market, window!.start, [bid]);
  // 0.2105 is between two ticks: 0.21 is the 80th above 0.05. Its price, the fee of 1% and the grid's 0.02, times 1.5.
  const [order] = orders;
  assert.deepEqual(
    [order!.tick, order!.limit, order!.quantity, order!.locks],
    [80, 210_000, 1500, 348_150_000n],
  );
  assert.ok(order!.clientId > 0);
  assert.equal(receipt!.events[0]!.kind, "OrdersPlaced");
  const seat = await readSeat(market);
  assert.equal(seat.locked, 348_150_000n);
  assert.deepEqual(seat.locks, [{ why: "orders", window: start, amount: 348_150_000n }]);
  const [own] = await readOrders(market);
  assert.deepEqual(
    [own!.index, own!.sequence, own!.window],
    [order!.index, order!.sequence, start],
  );
});

test("given contracts when a seat is read then its locks are still explained", async () => {
  const other = await local.open(1);
  await placeOrders(market, start, [bid]);
  await placeOrders(other, start, [{ sell: "1", atLeast: "0.1" }]);
  await local.close(start);
  await placeOrders(market, start + 300n, [bid]);
  for (const handle of [market, other]) {
    const { locked, locks } = await readSeat(handle);
    assert.ok(locked > 0n);
    assert.equal(
      locks.reduce((sum, { amount }) => sum + amount, 0n),
      locked,
    );
    assert.ok(
      locks.some(({ why, window }) => why === "contracts" && window === start) ===
        (handle === other),
    );
  }
});

test("given orders on both sides when a window is read then its curves have them, and its price once it is cleared", async () => {
  const other = await local.open(1);
  await placeOrders(market, start, [bid, { buy: "0.5", atMost: "0.12" }]);
  await placeOrders(other, start, [{ sell: "1", atLeast: "0.1" }]);
  const { curves, clearing } = await readWindow(market, start);
  assert.deepEqual(curves.demand, [
    { price: 120_000, energy: 2000n },
    { price: 210_000, energy: 1500n },
  ]);
  assert.deepEqual(curves.supply, [{ price: 100_000, energy: 1000n }]);
  assert.equal(clearing, undefined);
  const cleared = await local.clear(start).then(() => readWindow(market, start));
  assert.equal(cleared.clearing!.volume, 1000n);
});

test("given an order when it is replaced then the other stands in its place, in one transaction", async () => {
  const { orders } = await placeOrders(market, start, [bid]);
  const before = local.chain.sent.length;
  const replaced = await replaceOrders(market, start, orders, [{ sell: "2", atLeast: "0.1" }]);
  assert.equal(local.chain.sent.length, before + 1);
  const own = await readOrders(market);
  assert.deepEqual(
    own.map(({ side, quantity }) => [side, quantity]),
    [[programs.Side.Sell, 2000]],
  );
  await cancelOrders(market, replaced.orders);
  assert.deepEqual(await readOrders(market), []);
  assert.equal((await readSeat(market)).locked, 0n);
  await assert.rejects(cancelOrders(market, replaced.orders), refused("NoSuchOrder"));
});

test("given a call that is repeated with its client ids when it is made then nothing more is placed", async () => {
  const entries = [
    { ...bid, clientId: 7 },
    { sell: "1", atLeast: "0.25", clientId: 8 },
  ];
  const first = await placeOrders(market, start, entries);
  const again = await placeOrders(market, start, entries);
  assert.deepEqual(again, { orders: first.orders, receipt: undefined });
  assert.equal((await readOrders(market)).length, 2);
  const other = [{ buy: "1.5", atMost: "0.1", clientId: 7 }];
  await assert.rejects(placeOrders(market, start, other), ClientIdUsedError);
});

test("given any losses on the way when an order is placed then once, whatever the endpoint says", async () => {
  // Of each signature: lost for good, or landed and never admitted to. All blockhashes expire soon.
  for (const fates of [["hide"], ["lose", "hide"], ["lose", "lose", "land"]] as const) {
    const own = await local.open(1, { pollMilliseconds: 1 });
    const signatures: string[] = [];
    local.chain.sending = (signature) => {
      if (!signatures.includes(signature)) signatures.push(signature);
      local.chain.height += 400n;
      return fates[signatures.indexOf(signature)]!;
    };
    const before = (await readOrders(own)).length;
    const { orders } = await placeOrders(own, start, [{ buy: "0.1", atMost: "0.1" }]);
    local.chain.sending = () => "land";
    local.chain.reveal();
    assert.equal(signatures.length, fates.length);
    const after = await readOrders(own);
    assert.equal(after.length, before + 1);
    assert.ok(after.some(({ clientId }) => clientId === orders[0]!.clientId));
  }
});

test("given any faults of chain and endpoint when an order is placed until it stands then it stands once", async () => {
  const { chain } = local;
  const fates = fc.array(fc.constantFrom("land", "lose", "hide"), { maxLength: 12 });
  const failing = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 6 });
  const runs = fc.asyncProperty(fates, failing, fc.boolean(), async (all, failures, expires) => {
    const own = await local.open(0, { patienceMilliseconds: 60, resendMilliseconds: 5 });
    const entry = { buy: "0.1", atMost: "0.1", clientId: 4711 };
    const bySignature = new Map<string, (typeof all)[number]>();
    let calls = 0;
    chain.sending = (signature) => {
      if (!bySignature.has(signature))
        bySignature.set(signature, all[bySignature.size % (all.length + 1)] ?? "land");
      if (expires) chain.height += 400n;
      return bySignature.get(signature)!;
    };
    chain.trouble = () => {
      calls += 1;
      // Blocks go on.
      chain.height += 10n;
      if (failures.includes(calls)) throw new TypeError("fetch failed");
    };
    // As a program does that is started again: the same call, whatever became of the one before.
    let isPlaced = false;
    for (let tries = 0; tries < 4 && !isPlaced; tries++)
      isPlaced = await placeOrders(own, start, [entry]).then(
        () => true,
        () => false,
      );
    chain.sending = () => "land";
    chain.trouble = () => {};
    chain.reveal();
    const { orders } = await placeOrders(own, start, [entry]);
    const standing = await readOrders(own);
    assert.equal(standing.length, 1);
    assert.equal(standing[0]!.clientId, 4711);
    await cancelOrders(own, orders);
  });
  await fc.assert(runs, { numRuns: 25 });
});

test("given a node that keeps no transactions when an order is placed then the book tells its place", async () => {
  local.chain.trouble = (method) => {
    if (method === "getTransaction") throw new Error("history is not available from this node");
  };
  const { orders, receipt } = await placeOrders(market, start, [bid]);
  const [own] = await readOrders(market);
  assert.deepEqual([orders[0]!.index, orders[0]!.sequence], [own!.index, own!.sequence]);
  assert.deepEqual([receipt!.events, receipt!.fee], [[], undefined]);
});

test("given transactions that all get lost when an order is placed then it says so, and nothing stands", async () => {
  local.chain.sending = () => {
    local.chain.height += 400n;
    return "lose";
  };
  await assert.rejects(placeOrders(market, start, [bid]), ExpiredError);
  assert.equal(new Set(local.chain.sent.slice(-3)).size, 3);
  assert.deepEqual(await readOrders(market), []);
});

test("given what the market refuses when it is tried then it is told in the market's words", async () => {
  const place = (...entries: Parameters<typeof placeOrders>[2]) =>
    placeOrders(market, start, entries);
  await assert.rejects(place({ buy: "0", atMost: "0.2" }), refused("QuantityInvalid"));
  await assert.rejects(place({ buy: "24", atMost: "0.2" }), refused("BeyondConnection"));
  await assert.rejects(place(...Array(9).fill(bid)), refused("TooManyOrders"));
  await assert.rejects(withdraw(market, "100.000001"), refused("NotEnoughFree"));
  local.chain.setTime(start - 60n);
  await assert.rejects(place(bid), (error: Error) => {
    refused("GateClosed")(error);
    assert.match(error.message, /; /);
    return true;
  });
  assert.deepEqual(
    (await openWindows(market)).map((window) => window.start),
    [start + 300n],
  );
});

test("given a full book when an order is placed then it says so", async () => {
  const full = await foundLocally(9);
  for (let place = 0; place < 8; place++) {
    const own = await full.open(place);
    await placeOrders(own, full.start, Array(8).fill({ buy: "0.1", atMost: "0.1" }));
  }
  const last = await full.open(8);
  await assert.rejects(placeOrders(last, full.start, [bid]), refused("BookFull"));
});

test("given a delegate when it trades then for the owner's seat, within its bounds", async () => {
  const delegate = await generateKeyPairSigner();
  local.chain.fund(delegate.address);
  await setDelegate(market, delegate.address, { dailyLimit: "0.5" });
  const { wallet } = local.household();
  const address = local.community.addresses.market;
  const trader = await openMarket(local.chain.connection(delegate), address, {
    owner: wallet.address,
    maxClockLag: 10_000,
  });
  await placeOrders(trader, start, [bid]);
  assert.equal((await readOrders(market)).length, 1);
  await assert.rejects(placeOrders(trader, start, [bid]), refused("DelegateLimit"));
  await setDelegate(market, delegate.address, { dailyLimit: "50", highestBuy: "0.05" });
  await assert.rejects(placeOrders(trader, start, [bid]), refused("DelegatePrice"));
  await setDelegate(market, null);
  await assert.rejects(placeOrders(trader, start, [bid]), refused("NotTrader"));
});

test("given money when it is deposited and withdrawn then it moves, and an empty wallet is told so", async () => {
  const free = async () => (await readSeat(market)).free;
  assert.equal(await free(), 100_000_000_000n);
  await deposit(market, "25.5");
  assert.equal(await free(), 125_500_000_000n);
  await withdraw(market, "125.5");
  assert.equal(await free(), 0n);
  await assert.rejects(deposit(market, "1000.000001"), (error) => {
    assert.ok(error instanceof EmptyWalletError);
    assert.equal(error.currency, "tokens");
    return true;
  });
});

test("given a window that no book has when it is read then it says so", async () => {
  await assert.rejects(readWindow(market, start + 3_000n), NotOpenError);
  await assert.rejects(placeOrders(market, start + 3_000n, [bid]), NotOpenError);
});

test("given a stranger when it trades then it is told that it has no seat", async () => {
  const stranger = await generateKeyPairSigner();
  const own = await openMarket(local.chain.connection(stranger), market.addresses.market, {
    maxClockLag: 10_000,
  });
  await assert.rejects(placeOrders(own, start, [bid]), (error) => {
    assert.ok(error instanceof NoSeatError);
    assert.match(error.message, /no participant .*; apply/);
    return true;
  });
});

test("given another chain when the market is opened then it is told so", async () => {
  local.chain.genesisHash = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
  await assert.rejects(local.open(), (error) => {
    assert.ok(error instanceof WrongClusterError);
    assert.match(error.message, /4uhcVJyU9p.* and this one has 5eykt4.*; check/);
    return true;
  });
});

test("given a chain without the programs when the market is opened then it names the first", async () => {
  const { svm } = local.chain;
  const account = svm.getAccount(programs.MARKET_PROGRAM_ADDRESS);
  assert.ok(account.exists);
  svm.setAccount({ ...account, executable: false } as never);
  await assert.rejects(local.open(), (error) => {
    assert.ok(error instanceof MissingProgramError);
    assert.equal(error.program, "market");
    return true;
  });
});

/** Changes an account's bytes. */
function change(address: Address, edit: (data: Uint8Array) => Uint8Array | void) {
  const account = local.chain.svm.getAccount(address);
  assert.ok(account.exists);
  const data = new Uint8Array(account.data);
  local.chain.svm.setAccount({
    ...account,
    data: edit(data) ?? data,
    lamports: 10n ** 10n,
  } as never);
}

test("given accounts of another layout when they are read then it is told which, and why", async () => {
  const { market: address, ledger } = market.addresses;
  const rejects = (why: RegExp) =>
    assert.rejects(local.open(), (error) => {
      assert.ok(error instanceof WrongLayoutError);
      assert.match(error.message, why);
      return true;
    });
  const whole = local.chain.svm.getAccount(address);
  change(address, (data) => data.slice(0, -8));
  await rejects(/can't be read as a market: the market has \d+ bytes of \d+.*; check/);
  local.chain.svm.setAccount(whole as never);
  const [one, two] = [1, 2].map((version) =>
    programs.getMarketEncoder().encode({ ...market.parameters, version }),
  );
  const versionAt = one!.findIndex((byte, at) => byte !== two![at]);
  change(address, (data) => void (data[versionAt] = 2));
  await rejects(/its version is 2, and this package reads 1/);
  local.chain.svm.setAccount(whole as never);
  change(ledger, (data) => void (data[0]! ^= 1));
  await assert.rejects(readSeat(market), WrongLayoutError);
  await assert.rejects(
    openMarket(market.connection, await market.addresses.admission(ledger)),
    MissingAccountError,
  );
});

test("given a chain whose clock lags when windows are asked for then it is told", async () => {
  local.chain.setTime(BigInt(Math.floor(Date.now() / 1000)) - 500n);
  const own = await openMarket(market.connection, market.addresses.market);
  await assert.rejects(openWindows(own), (error) => {
    assert.ok(error instanceof LaggingClockError);
    assert.ok(error.lag >= 500 && error.lag < 510);
    return true;
  });
});
