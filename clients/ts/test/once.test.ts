// An order is placed once: whoever is killed, falls behind, or signs something else than it was asked to.

import assert from "node:assert/strict";

import {
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  partiallySignTransaction,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE,
  SolanaError,
  type KeyPairSigner,
  type Transaction,
  type TransactionModifyingSigner,
} from "@solana/kit";
import { beforeEach, test } from "vitest";

import {
  cancelOrders,
  ChangedLifetimeError,
  deposit,
  FateUnknownError,
  finalFateOf,
  ForgottenError,
  openMarket,
  placeOrders,
  readOrders,
  readSeat,
  UnitError,
  type ConnectionOptions,
  type MarketHandle,
  type PendingTransaction,
} from "../src/index.js";
import { foundLocally, type LocalCommunity } from "./chain/founded.js";

const entry = { buy: "0.1", atMost: "0.1", clientId: 7 };
const SOON = 50;
/** Longer than any test waits for an order that should not be signed again. */
const LATER = 400;

let local: LocalCommunity;
let market: MarketHandle;
beforeEach(async () => {
  local = await foundLocally(1);
  market = await local.open();
});

const place = (options: Parameters<typeof placeOrders>[3] = {}, own = market) =>
  placeOrders(own, local.start, [entry], options);

/** The transaction of a call that is given up while it is on its way. */
async function givenUp(
  call: (options: { abortSignal: AbortSignal }) => Promise<unknown> = place,
): Promise<PendingTransaction & { lastValidBlockHeight: bigint }> {
  const abort = new AbortController();
  local.chain.sending = () => {
    abort.abort();
    return "later";
  };
  const error: unknown = await call({ abortSignal: abort.signal }).catch(
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof FateUnknownError);
  local.chain.sending = () => "later";
  const { pending } = error;
  assert.ok("lastValidBlockHeight" in pending);
  return pending;
}

async function assertOneStands() {
  local.chain.landWaiting();
  local.chain.reveal();
  local.chain.isBehind = () => false;
  const orders = await readOrders(market);
  assert.deepEqual(
    orders.map(({ clientId, quantity }) => [clientId, quantity]),
    [[7, 100]],
  );
}

test("given a transaction that lands late when its call is given up and repeated then one order stands", async () => {
  const pending = await givenUp();
  const before = new Set(local.chain.sent).size;
  setTimeout(() => local.chain.landWaiting(), LATER);
  const { orders, receipt } = await place({ pending });
  assert.equal(receipt!.signature, pending.signature);
  assert.equal(orders[0]!.clientId, 7);
  assert.equal(new Set(local.chain.sent).size, before);
  await assertOneStands();
});

test("given a call that is given up when it is repeated by its client id alone then this program still knows of it", async () => {
  const pending = await givenUp();
  setTimeout(() => local.chain.landWaiting(), LATER);
  const { receipt } = await place();
  assert.equal(receipt!.signature, pending.signature);
  await assertOneStands();
});

test("given a call that is still on its way when it is repeated then one order stands", async () => {
  local.chain.sending = () => "later";
  setTimeout(() => local.chain.landWaiting(), LATER);
  const [first, second] = await Promise.all([place(), place()]);
  assert.deepEqual(second.orders, first.orders);
  await assertOneStands();
});

test("given a call that is given up when another order is placed then it waits for nothing", async () => {
  await givenUp();
  local.chain.sending = () => "land";
  await placeOrders(market, local.start, [{ ...entry, clientId: 8 }]);
  await placeOrders(market, local.start + 300n, [entry]);
  assert.equal((await readOrders(market)).length, 2);
});

test("given a bot that was killed when it repeats its call with what it has kept then one order stands", async () => {
  let kept = "";
  local.chain.sending = () => "later";
  // Nobody hears any more what becomes of this call.
  const abort = new AbortController();
  const killed = place({
    abortSignal: abort.signal,
    onSigned: ({ signature, lastValidBlockHeight }) => {
      assert.ok(local.chain.sent.every((wire) => !wire.includes(signature)));
      kept = JSON.stringify([signature, `${lastValidBlockHeight}`]);
    },
  }).catch(() => {});
  while (kept === "") await new Promise((resolve) => setTimeout(resolve, 1));
  const [signature, height] = JSON.parse(kept) as [PendingTransaction["signature"], string];
  const again = await local.open();
  setTimeout(() => local.chain.landWaiting(), LATER);
  await place({ pending: { signature, lastValidBlockHeight: BigInt(height) } }, again);
  abort.abort();
  await killed;
  await assertOneStands();
});

test("given a transaction that never lands when its call is repeated then another is signed, once it has expired", async () => {
  const pending = await givenUp();
  const before = new Set(local.chain.sent).size;
  let isExpired = false;
  setTimeout(() => {
    isExpired = true;
    local.chain.height = pending.lastValidBlockHeight + 1n;
  }, LATER);
  local.chain.sending = (signature) => {
    if (signature === pending.signature) return "lose";
    assert.ok(isExpired);
    return "land";
  };
  await place({ pending });
  assert.equal(new Set(local.chain.sent).size, before + 1);
  assert.equal((await readOrders(market)).length, 1);
});

test("given an order that landed and was cancelled since when its call is repeated then it is not placed again", async () => {
  const pending = await givenUp();
  local.chain.landWaiting();
  local.chain.sending = () => "land";
  await cancelOrders(market, await readOrders(market));
  const { receipt } = await place({ pending });
  assert.equal(receipt!.signature, pending.signature);
  assert.deepEqual(await readOrders(market), []);
});

test("given orders without client ids when a call is repeated then it is refused: nobody knows them again", async () => {
  const pending = await givenUp();
  const { clientId: _, ...anonymous } = entry;
  await assert.rejects(placeOrders(market, local.start, [anonymous], { pending }), UnitError);
});

test("given that what was signed can't be kept when an order is placed then nothing is sent", async () => {
  const before = local.chain.sent.length;
  const full = new Error("the disk is full");
  const onSigned = () => Promise.reject(full);
  await assert.rejects(place({ onSigned }), full);
  assert.equal(local.chain.sent.length, before);
});

test("given a deposit that was given up when its fate is waited for then it is told, and nothing is sent twice", async () => {
  const before = (await readSeat(market)).free;
  const pending = await givenUp((options) => deposit(market, "1", options));
  setTimeout(() => local.chain.landWaiting(), LATER);
  const fate = await finalFateOf(market.connection, pending);
  assert.equal(fate.kind, "landed");
  assert.equal((await readSeat(market)).free, before + 1_000_000_000n);
});

test("given a transaction that has expired when its fate is waited for then it is told that it never lands", async () => {
  const pending = await givenUp();
  local.chain.sending = () => "lose";
  local.chain.height = pending.lastValidBlockHeight + 1n;
  const { kind, slot } = await finalFateOf(market.connection, pending);
  assert.deepEqual([kind, slot], ["expired", pending.lastValidBlockHeight + 1n]);
});

test("given an endpoint with a short ledger when the fate of something older is asked then nobody says that it never landed", async () => {
  const pending = await givenUp();
  local.chain.landWaiting();
  local.chain.firstBlock = local.chain.height + 1n;
  local.chain.height = pending.lastValidBlockHeight + 1n;
  await assert.rejects(finalFateOf(market.connection, pending), ForgottenError);
  await assert.rejects(place({ pending }), ForgottenError);
  local.chain.firstBlock = pending.signedAfter;
  assert.equal((await finalFateOf(market.connection, pending)).kind, "landed");
});

test("given an endpoint that does not say where its ledger begins when something has expired then it is believed", async () => {
  const pending = await givenUp();
  local.chain.sending = () => "lose";
  local.chain.height = pending.lastValidBlockHeight + 1n;
  local.chain.firstBlock = undefined;
  assert.equal((await finalFateOf(market.connection, pending)).kind, "expired");
});

test("given an endpoint that fails when it is asked where its ledger begins then it is asked again, and not believed before", async () => {
  const pending = await givenUp();
  local.chain.landWaiting();
  local.chain.firstBlock = local.chain.height + 1n;
  local.chain.height = pending.lastValidBlockHeight + 1n;
  let failures = 2;
  local.chain.trouble = (method) => {
    if (method === "getFirstAvailableBlock" && failures-- > 0) throw new TypeError("fetch failed");
  };
  await assert.rejects(finalFateOf(market.connection, pending), ForgottenError);
  assert.ok(failures < 0);
});

test("given a node without a history of transactions when something has expired then nobody knows of it", async () => {
  const pending = await givenUp();
  local.chain.height = pending.lastValidBlockHeight + 1n;
  local.chain.trouble = (method) => {
    if (method !== "getSignatureStatuses") return;
    throw new SolanaError(SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE);
  };
  await assert.rejects(finalFateOf(market.connection, pending), ForgottenError);
});

/** A wallet that puts another lifetime into what it signs, and keeps what it was told of the one before. */
function renewing(wallet: KeyPairSigner, lifetime: () => string): TransactionModifyingSigner {
  return {
    address: wallet.address,
    async modifyAndSignTransactions(transactions) {
      return Promise.all(
        transactions.map(async (transaction) => {
          const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
          const changed = { ...message, lifetimeToken: lifetime() };
          const messageBytes = getCompiledTransactionMessageEncoder().encode(changed as never);
          const unsigned = { ...transaction, messageBytes } as unknown as Transaction;
          return (await partiallySignTransaction([wallet.keyPair], unsigned)) as never;
        }),
      );
    },
  };
}

async function withWallet(lifetime: () => string, options: ConnectionOptions = {}) {
  const { wallet } = local.household();
  const signer = renewing(wallet, lifetime);
  return openMarket(local.chain.connection(signer, options), market.addresses.market, {
    maxClockLag: 10_000,
  });
}

test("given a wallet that changes the blockhash when the old one has expired then nothing is signed anew", async () => {
  const { chain } = local;
  // The prompt was slow: 100 blocks later, the wallet asks for a blockhash of its own.
  const own = await withWallet(() => ((chain.height += 100n), chain.nextBlockhash()));
  const before = new Set(chain.sent).size;
  chain.sending = () => "later";
  const placing = place({}, own);
  while (new Set(chain.sent).size === before)
    await new Promise((resolve) => setTimeout(resolve, 1));
  // That of the client is over, that of the wallet is not.
  chain.height += 100n;
  setTimeout(() => chain.landWaiting(), LATER);
  await placing;
  assert.equal(new Set(chain.sent).size, before + 1);
  await assertOneStands();
});

test("given a wallet that signs with what is no blockhash of this chain when an order is placed then nothing is sent", async () => {
  const own = await withWallet(() => local.chain.genesisHash);
  const before = local.chain.sent.length;
  await assert.rejects(place({}, own), ChangedLifetimeError);
  assert.equal(local.chain.sent.length, before);
});

test("given a stale node behind the same address when an order expires then it is not signed again", async () => {
  const { chain } = local;
  chain.leaveBehind([await market.addresses.book(local.start)]);
  const before = new Set(chain.sent).size;
  chain.sending = () => {
    // It lands, and its blockhash expires.
    chain.height += 400n;
    return "land";
  };
  // The node that is behind says what has landed, nobody else; then it says once what the book has.
  let books = 0;
  let looks = 0;
  chain.isBehind = (method) =>
    chain.sent.length > 0 &&
    new Set(chain.sent).size > before &&
    ((method === "getSignatureStatuses" && ++looks < 8) ||
      (method === "getMultipleAccounts" && ++books < 3));
  await place();
  assert.ok(looks >= 8);
  assert.equal(new Set(chain.sent).size, before + 1);
  await assertOneStands();
});

test("given a stale node when a fate is waited for then what that does not know says nothing", async () => {
  const { chain } = local;
  chain.leaveBehind([]);
  const pending = await givenUp();
  chain.landWaiting();
  chain.height = pending.lastValidBlockHeight + 1n;
  let looks = 0;
  chain.isBehind = (method) => method === "getSignatureStatuses" && ++looks < 8;
  assert.equal((await finalFateOf(market.connection, pending)).kind, "landed");
});

test("given an order that stands when its call is repeated at a stale node then one order stands", async () => {
  const { chain } = local;
  chain.leaveBehind([await market.addresses.book(local.start)]);
  const first = await place();
  let books = 0;
  chain.isBehind = (method) => method === "getMultipleAccounts" && ++books < 5;
  const again = await place();
  assert.ok(books >= 5);
  assert.deepEqual(again.orders, first.orders);
  await assertOneStands();
});

test("given an order that was taken back when its client id is used again then it is placed again", async () => {
  const { orders } = await place();
  await cancelOrders(market, orders);
  await place();
  await assertOneStands();
});

test("given a book of which only a stale node tells when an order has expired then it is not signed again", async () => {
  const { chain } = local;
  const own = await local.open(0, { patienceMilliseconds: SOON });
  chain.leaveBehind([await market.addresses.book(local.start)]);
  const before = new Set(chain.sent).size;
  chain.sending = () => ((chain.height += 400n), "hide");
  chain.isBehind = (method) =>
    method === "getMultipleAccounts" && new Set(chain.sent).size > before;
  await assert.rejects(place({}, own), FateUnknownError);
  assert.equal(new Set(chain.sent).size, before + 1);
  await assertOneStands();
});

test("given a book that can't be read once an order has landed when it is placed then it does not look as if it was not", async () => {
  let hasLanded = false;
  local.chain.sending = (signature) => {
    hasLanded = true;
    // So that the node tells nothing of the order.
    local.chain.forget(signature);
    return "land";
  };
  local.chain.trouble = (method) => {
    if (hasLanded && /AccountInfo|MultipleAccounts/.test(method)) throw new SyntaxError("no JSON");
  };
  const error: unknown = await place().catch((thrown: unknown) => thrown);
  assert.ok(error instanceof FateUnknownError);
  local.chain.trouble = () => {};
  const { orders } = await place({ pending: error.pending });
  assert.equal(orders.length, 1);
  assert.equal((await readOrders(market)).length, 1);
  assert.equal(local.chain.sent.length, new Set(local.chain.sent).size);
});
