// Who sends them: the supplier its prices; anybody settles.

import type { TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import {
  getPostPricesInstruction,
  getSettleInstruction,
  type WindowPricesArgs,
} from "../generated/market/index.js";

/** Consecutive windows or seats, by their numbers. */
export type NumberRange = Readonly<{ first: number; count: number }>;

/**
 * Prices of consecutive windows, from the one at `start` on, unix seconds, all of one page. Signed by the owner of the
 * supplier's seat, or its delegate.
 */
export async function postPrices(
  addresses: Addresses,
  supplier: TransactionSigner,
  start: bigint,
  prices: WindowPricesArgs[],
) {
  const page = await addresses.page(start);
  const { market, ledger } = addresses;
  return getPostPricesInstruction({
    ...{ supplier, market, ledger, page },
    firstWindow: addresses.windowNumber(start),
    prices,
  });
}

/**
 * Settles the positions of these seats in these windows of the page at `time`, unix seconds; at most the market's
 * MAX_SETTLED. Windows are numbered from the page's start.
 */
export async function settle(
  addresses: Addresses,
  time: bigint,
  windows: NumberRange,
  seats: NumberRange,
) {
  const [page, intervalPage] = await Promise.all([
    addresses.page(time),
    addresses.intervalPage(time),
  ]);
  const { ledger, meterTable } = addresses;
  return getSettleInstruction({
    ...{ ledger, page, meterTable, intervalPage },
    ...{ firstWindow: windows.first, windows: windows.count },
    ...{ firstSeat: seats.first, seats: seats.count },
  });
}
