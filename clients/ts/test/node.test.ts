import assert from "node:assert/strict";

import { createClient } from "@solana/kit";
import { afterAll, beforeAll, test as anywhere } from "vitest";

import {
  atoms,
  connection,
  deposit,
  explain,
  fetchReceipt,
  followMarket,
  identity,
  isRefusal,
  market as programs,
  placeOrders,
  readOrders,
  readSeat,
  sendInstructions,
  type MarketNews,
} from "../src/index.js";
import { clearWindow } from "./chain/founding.js";
import { hasLocalNode, LocalNode } from "./chain/node.js";
import { Proxy } from "./chain/proxy.js";

const test = anywhere.skipIf(!hasLocalNode);

let node: LocalNode;
beforeAll(async () => {
  if (hasLocalNode) node = await LocalNode.start();
});
afterAll(() => node?.stop());

test("given a real node when orders are placed then in version 0 and in version 1", async () => {
  for (const version of [0, 1] as const) {
    const market = await node.open(0, { version });
    const { orders, receipt } = await placeOrders(market, node.start, [
      { buy: "1.5", atMost: "0.21" },
    ]);
    assert.equal(orders.length, 1);
    assert.equal(receipt!.fee, 5_000n);
    await assert.rejects(placeOrders(market, node.start, [{ buy: "0", atMost: "0.21" }]), (error) =>
      isRefusal(error, "QuantityInvalid"),
    );
  }
  const market = await node.open();
  assert.equal((await readOrders(market)).length, 2);
  const { locks, locked } = await readSeat(market);
  assert.equal(locks[0]!.amount, locked);
});

/** What a follower is told, and a wait for what it is told next. */
class Told {
  readonly news: MarketNews[] = [];
  readonly #following: Promise<void>;
  readonly #abort = new AbortController();

  constructor(
    ...[market, options]: [Parameters<typeof followMarket>[0], { checkMilliseconds?: number }?]
  ) {
    this.#following = (async () => {
      const { signal: abortSignal } = this.#abort;
      for await (const each of followMarket(market, { abortSignal, ...options }))
        this.news.push(each);
    })();
  }

  /** Waits for news like this behind the first `from`, and gives their place. */
  async next(isIt: (news: MarketNews) => boolean, from = 0): Promise<number> {
    for (let tries = 0; tries < 400; tries++) {
      const place = this.news.findIndex((each, at) => at >= from && isIt(each));
      if (place >= 0) return place;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`not told of: ${isIt}; but of ${this.news.map(({ kind }) => kind)}`);
  }

  async stop() {
    this.#abort.abort();
    await this.#following;
  }
}

const hasOrders = (start: bigint, count: number) => (news: MarketNews) =>
  news.kind === "window" &&
  news.window.start === start &&
  news.window.book.header.liveOrders === count;

test("given kit's client with the plugins when it sends by the generated ones then with limits, and refusals are told", async () => {
  const { wallet, tokens, seat } = node.community.households[2]!;
  const { addresses } = node.community;
  const client = createClient()
    .use(identity(wallet))
    .use(connection({ url: node.ready.rpcUrl, wsUrl: node.ready.wsUrl, pollMilliseconds: 50 }))
    .use(programs.marketProgram());
  const { market, ledger, vault, quoteMint, tokenProgram } = addresses;
  const depositOf = (amount: bigint) =>
    client.market.instructions.deposit({
      ...{ depositor: wallet, market, ledger, source: tokens, vault, quoteMint, tokenProgram },
      ...{ seat, amount: atoms(amount) },
    });
  const before = (await readSeat(await node.open(2))).free;
  const { context, status } = await depositOf(1_000_000n).sendTransaction();
  assert.equal(status, "successful");
  const { events } = (await fetchReceipt(client.connection, context.signature))!;
  assert.equal(events[0]!.kind, "Deposited");
  assert.equal((await readSeat(await node.open(2))).free, before + 1_000_000_000n);
  const planned = await client.planTransaction(depositOf(1n));
  assert.ok(planned.instructions.length >= 1);
  await assert.rejects(depositOf(0n).sendTransaction(), (error) =>
    isRefusal(explain(error), "ZeroAmount"),
  );
});

test("given a subscription that says nothing when time passes then what was missed is read from the accounts", async () => {
  const market = await node.open(2);
  const quiet = { ...market, connection: { ...market.connection, rpcSubscriptions: silent() } };
  const told = new Told(quiet, { checkMilliseconds: 200 });
  try {
    await told.next(({ kind }) => kind === "window");
    const from = told.news.length;
    await placeOrders(market, node.start, [{ buy: "1", atMost: "0.2" }]);
    await told.next(({ kind }) => kind === "gap", from);
    await told.next((news) => news.kind === "window" && news.window.start === node.start, from);
  } finally {
    await told.stop();
  }
});

test("given a follower when the market moves, and its connection is cut, then it is told of everything, or of a gap", async () => {
  const proxy = await Proxy.to(node.ready.wsUrl);
  const start = node.start + 300n;
  const market = await node.open(1);
  const told = new Told(await node.open(1, {}, proxy.url));
  try {
    await told.next(hasOrders(start, 0));

    await placeOrders(market, start, [{ buy: "1", atMost: "0.2" }]);
    await told.next(hasOrders(start, 1));
    await told.next(({ kind, ...news }) => "event" in news && news.event.kind === "OrdersPlaced");
    assert.ok(told.news.every(({ kind }) => kind === "window" || kind === "event"));

    // It touches the market's account and the ledger's: both subscriptions have it.
    await deposit(market, "1");
    const isDeposit = (news: MarketNews) =>
      news.kind === "event" && news.event.kind === "Deposited";
    await told.next(isDeposit);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(told.news.filter(isDeposit).length, 1);

    proxy.cut();
    const cut = await told.next(({ kind }) => kind === "interrupted");
    await placeOrders(market, start, [{ sell: "1", atLeast: "0.1" }]);
    await new Promise((resolve) => setTimeout(resolve, 600));
    assert.ok(!told.news.some(hasOrders(start, 2)));
    proxy.mend();
    const gap = await told.next(({ kind }) => kind === "gap", cut);
    await told.next(hasOrders(start, 2), cut);
    const { gap: found } = told.news[gap] as Extract<MarketNews, { kind: "gap" }>;
    assert.deepEqual([found.account, found.until - found.from], ["ledger", 1n]);

    // It goes on as before.
    await placeOrders(market, start, [{ buy: "0.1", atMost: "0.1" }]);
    await told.next(hasOrders(start, 3), gap);
    await node.travel(start - 30n);
    await sendInstructions(market.connection, await clearWindow(node.community.addresses, start));
    await told.next((news) => news.kind === "event" && news.event.kind === "WindowAllocated", gap);
    await told.next(
      (news) => news.kind === "window" && news.window.phase === programs.Phase.Allocated,
      gap,
    );
  } finally {
    await told.stop();
    proxy.close();
  }
});

/** Subscriptions that never have a message. */
function silent() {
  const subscribe = async ({ abortSignal }: { abortSignal: AbortSignal }) => ({
    async *[Symbol.asyncIterator]() {
      await new Promise((resolve) => abortSignal.addEventListener("abort", resolve));
    },
  });
  return new globalThis.Proxy({}, { get: () => () => ({ subscribe }) }) as never;
}
