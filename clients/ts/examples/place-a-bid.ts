// Bids for energy in the next window, changes its mind, and takes the order back.

import { isRefusal, type MarketClient } from "@joulebook/client";

export async function placeABid(market: MarketClient, say: (line: string) => void) {
  const [window] = await market.openWindows();
  if (!window) return say("no window is open");

  const { orders } = await market.placeOrders(window.start, [{ buy: "1.5", atMost: "0.21" }]);
  for (const { limit, locks } of orders)
    say(`bids ${market.showPrice(limit)} a kWh, and locks ${market.showMoney(locks)}`);

  // Both in one transaction. With a client id, this could be repeated until it succeeds, and the order stands once; for programs that
  // may be killed see order-once.ts.
  const { orders: others } = await market.replaceOrders(window.start, orders, [
    { buy: "2", atMost: "0.185", clientId: 17 },
  ]);
  const { locked, locks } = await market.seat();
  say(`locked in all ${market.showMoney(locked)}`);
  for (const { why, amount } of locks) say(`for ${why} ${market.showMoney(amount)}`);

  await market.cancelOrders(others);
  try {
    await market.cancelOrders(others);
  } catch (error) {
    if (!isRefusal(error, "NoSuchOrder")) throw error;
    say(error.message);
  }
}
