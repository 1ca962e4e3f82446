import assert from "node:assert/strict";

import { test } from "vitest";

import {
  instructions,
  isRefusal,
  market as programs,
  openMarket,
  placeOrders,
  postPrices,
  readHistory,
  readMarket,
  readOrders,
  readPosition,
  readStandingOrders,
  readWindow,
  sendInstructions,
  setStandingOrders,
  NotOpenError,
  whSum,
} from "../src/index.js";
import { foundLocally } from "./chain/founded.js";

test("given a standing order when it is applied then its order is in the book, and it says what became of it", async () => {
  const local = await foundLocally(1);
  const market = await local.open();
  const { addresses } = local.community;
  await setStandingOrders(market, [
    {
      place: 3,
      order: {
        ...{ buy: "0.4", atMost: "0.1815", unitLock: "0.25" },
        daily: { energy: "2", locks: "5" },
        clientId: 99,
      },
    },
  ]);
  const [entered] = await readStandingOrders(market);
  assert.deepEqual(
    [entered!.place, entered!.outcome, entered!.rule.limit, entered!.rule.quantity],
    [3, programs.StandingOutcome.Never, 181_500, 400],
  );
  assert.deepEqual([entered!.rule.energyCap, entered!.rule.lockCap], [2_000n, 5_000_000_000n]);
  const apply = await instructions.applyStandingOrders(
    addresses,
    local.start,
    { first: 0, count: 16 },
    local.start - 86_400n,
  );
  await sendInstructions(market.connection, [apply]);
  const [order] = await readOrders(market);
  // Between two ticks, the lower: never above the limit.
  assert.deepEqual([order!.limit, order!.quantity, order!.clientId], [180_000, 400, 99]);
  const [placed] = await readStandingOrders(market);
  assert.equal(placed!.outcome, programs.StandingOutcome.Placed);
  await setStandingOrders(market, [{ place: 3, order: null }]);
  assert.deepEqual(await readStandingOrders(market), []);
});

test("given posted prices when a window opens then it has them, and only the supplier may post", async () => {
  const local = await foundLocally(1);
  const { supplier, addresses } = local.community;
  const address = addresses.market;
  const market = await openMarket(local.chain.connection(supplier), address, {
    maxClockLag: 10_000,
  });
  const start = local.start + 600n;
  const prices = { retail: "0.34", feedIn: "-0.01", gridFee: "0.03" };
  await postPrices(market, start, [prices]);
  await local.openWindow(start);
  const { book } = await readWindow(market, start);
  assert.deepEqual(
    [book.header.short, book.header.long, book.header.gridFee],
    [340_000, -10_000, 30_000],
  );
  const household = await local.open();
  await assert.rejects(postPrices(household, start + 300n, [prices]), (error) =>
    isRefusal(error, "NotSupplier"),
  );
});

test("given a cleared window when its position is read then it has the contract, and what was never opened is told", async () => {
  const local = await foundLocally(2);
  const [buyer, seller] = [await local.open(0), await local.open(1)];
  await placeOrders(buyer, local.start, [{ buy: "1.5", atMost: "0.2" }]);
  await placeOrders(seller, local.start, [{ sell: "1", atLeast: "0.1" }]);
  await local.close(local.start);
  const position = await readPosition(buyer, local.start);
  assert.deepEqual([position.bought, position.sold, position.isFinal], [1000, 0, false]);
  assert.equal(position.window.volume, 1000n);
  // Between the marginal offer and the marginal bid, which is not filled whole: the bid's price.
  assert.equal(position.window.price, 200_000);
  assert.equal((await readPosition(seller, local.start)).sold, 1000);
  await assert.rejects(readPosition(buyer, local.start + 12_000n), NotOpenError);
  const [past, ...others] = await readHistory(buyer);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [past!.start, past!.volume, past!.price, past!.orders, past!.isFinal],
    [local.start, 1000n, 200_000, 2, false],
  );
  // As it stands in the history once its page is finished.
  local.record({ ...past!, volume: whSum(7), reserved: [0, 0, 0] });
  const [final] = await readHistory(buyer);
  assert.deepEqual([final!.start, final!.volume, final!.isFinal], [local.start, 7n, true]);
  assert.equal((await readMarket(buyer)).lastPage, local.start);
});
