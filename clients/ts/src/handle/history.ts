// What has become of windows: in the pages, and after them in the history.

import { NotOpenError } from "../errors.js";
import type { HistoryRecord, PageWindow, Position } from "../generated/market/index.js";
import { positionOf } from "../page.js";
import { decodeAccount, fetchAccounts, readAccount } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { historyKind, pageKind } from "./kinds.js";
import { readSeatNumber } from "./participant.js";

/** What a seat has in one window. */
export type OwnPosition = Position &
  Readonly<{
    /** Unix seconds. */
    start: bigint;
    /** Prices and outcome of the window. */
    window: PageWindow;
    /** Nothing of it changes any more. */
    isFinal: boolean;
  }>;

/**
 * The owner's position in the window that starts at `start`, unix seconds. Throws a NoSeatError, and a NotOpenError for a window
 * whose page is not open yet, or is overwritten.
 */
export async function readPosition(market: MarketHandle, start: bigint): Promise<OwnPosition> {
  const { addresses } = market;
  const seat = await readSeatNumber(market);
  const [account] = await fetchAccounts(market.connection, [await addresses.page(start)]);
  const page = decodeAccount(account!, pageKind());
  const number = addresses.windowNumber(start);
  const position = positionOf(page, number, seat);
  const window = page.windows[number];
  if (page.header.start !== addresses.pageStart(start) || !position || !window)
    throw new NotOpenError(start);
  return { ...position, start, window, isFinal: seat < page.header.finalSeats };
}

/** The windows that the history still has, the earliest first. */
export async function readHistory({
  connection,
  addresses,
}: MarketHandle): Promise<HistoryRecord[]> {
  const { records } = await readAccount(connection, addresses.history, historyKind());
  // A row that was never used has zeros. Where windows were left out, rows of an earlier round stand between the others.
  return records
    .filter(({ start }) => start !== 0n)
    .sort((one, other) => (one.start < other.start ? -1 : 1));
}
