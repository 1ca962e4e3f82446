// A window with a few orders, for tests: 5 ticks from 10 ct on, 5 ct apart; the supplier buys at 8 ct and sells at 32 ct.

import { curvesOf, market, whSum, type BookTable, type DeliveryWindow } from "@joulebook/client";

const NONE = { buy: whSum(0), sell: whSum(0) };

/** `bids` and `offers` are Wh by tick. */
export function windowWith(
  bids: Readonly<Record<number, number>>,
  offers: Readonly<Record<number, number>>,
  change: Partial<DeliveryWindow> = {},
): DeliveryWindow {
  const levels = Array.from({ length: 5 }, (_, tick) => ({
    ...NONE,
    buy: whSum(bids[tick] ?? 0),
    sell: whSum(offers[tick] ?? 0),
  }));
  const header = {
    ...{ start: 3_600n, end: 4_500n, gate: 3_300n, phase: market.Phase.Open },
    ...{ floorPrice: 100_000, tickSize: 50_000, ticks: 5, short: 320_000, long: 80_000 },
    ...{ gridFee: 20_000, feeBps: 100, minLock: 1, liveOrders: 0, usedOrders: 0 },
  };
  const book = { header, levels, orders: [], seats: [], blocks: [], nodes: [] };
  const table = book as unknown as BookTable;
  return {
    ...{ start: 3_600n, end: 4_500n, gate: 3_300n, phase: market.Phase.Open },
    ...{ curves: curvesOf(table), clearing: undefined, book: table },
    ...change,
  };
}
