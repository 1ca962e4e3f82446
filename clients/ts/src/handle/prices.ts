// Prices of single windows, which the supplier posts.

import type { Instruction } from "@solana/kit";

import type { SendOptions } from "../connection/connection.js";
import type { Receipt } from "../connection/receipt.js";
import { packed, type Pack } from "../connection/pack.js";
import { sendInstructions } from "../connection/send.js";
import { WindowStatus, type WindowPrices } from "../generated/market/index.js";
import { postPrices as postInstruction } from "../instructions/pages.js";
import { priceOf, type PriceEntry } from "../order-entry.js";
import { decodeAccount, fetchAccounts } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { pageKind } from "./kinds.js";

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

/** A window of a page, with the prices that stand for it. */
export type PricedWindow = WindowPrices &
  Readonly<{
    /** Unix seconds. */
    start: bigint;
    /** Its book is not open yet, so that its prices can still be others. */
    isUnopened: boolean;
  }>;

/** The windows of all pages, the earliest first. */
export async function readPricedWindows({
  connection,
  addresses,
  parameters,
}: MarketHandle): Promise<PricedWindow[]> {
  const slots = Array.from({ length: parameters.pages }, (_, slot) => addresses.pageSlot(slot));
  const accounts = await fetchAccounts(connection, await Promise.all(slots));
  return accounts
    .map((account) => decodeAccount(account, pageKind()))
    .filter(({ header }) => header.start >= 0n)
    .flatMap(({ header, windows }) =>
      windows.map(({ short, long, gridFee, status }, number) => ({
        start: header.start + BigInt(number * header.windowSeconds),
        ...{ short, long, gridFee, isUnopened: status === WindowStatus.Unopened },
      })),
    )
    .sort((one, other) => (one.start < other.start ? -1 : 1));
}

/** What is to be posted for one window. */
export type PricesToPost = WindowPrices & Readonly<{ start: bigint }>;

/**
 * The instructions that post prices of windows, which are sorted by their start, in as few transactions as they fit. Windows that
 * follow each other within a page are posted together. Signed by the trader.
 */
export function packPrices(
  { addresses, connection, trader }: MarketHandle,
  windows: readonly PricesToPost[],
): Promise<Pack<PricesToPost>[]> {
  const { windowSeconds } = addresses.rings;
  const post = (group: readonly PricesToPost[]): Promise<Instruction[]> => {
    const runs: PricesToPost[][] = [];
    for (const window of group) {
      const run = runs.at(-1);
      const last = run?.at(-1);
      const follows =
        last !== undefined &&
        window.start === last.start + BigInt(windowSeconds) &&
        addresses.pageStart(window.start) === addresses.pageStart(last.start);
      if (run && follows) run.push(window);
      else runs.push([window]);
    }
    return Promise.all(
      runs.map((run) =>
        postInstruction(
          ...([addresses, trader, run[0]!.start] as const),
          run.map(({ short, long, gridFee }) => ({ short, long, gridFee })),
        ),
      ),
    );
  };
  return packed(connection, windows, windows.length, post);
}
