// Prices of single windows, which the supplier posts.

import type { SendOptions } from "../connection/connection.js";
import type { Receipt } from "../connection/receipt.js";
import { sendInstructions } from "../connection/send.js";
import { postPrices as postInstruction } from "../instructions/pages.js";
import { priceOf, type PriceEntry } from "../order-entry.js";
import type { MarketHandle } from "./handle.js";

/** Prices of a window: for what is drawn beyond contracts, for what is left over, and the grid's fee on what is bought. */
export type PricesEntry = Readonly<{ retail: PriceEntry; feedIn: PriceEntry; gridFee: PriceEntry }>;

/** Posts prices of consecutive windows from the one at `start` on, unix seconds, all of one page; signed by the trader. */
export async function postPrices(
  market: MarketHandle,
  start: bigint,
  prices: readonly PricesEntry[],
  options: SendOptions = {},
): Promise<Receipt> {
  const { addresses, connection, token, trader } = market;
  const entries = prices.map(({ retail, feedIn, gridFee }) => ({
    short: priceOf(token, retail),
    long: priceOf(token, feedIn),
    gridFee: priceOf(token, gridFee),
  }));
  const instruction = await postInstruction(addresses, trader, start, entries);
  return sendInstructions(connection, [instruction], options);
}
