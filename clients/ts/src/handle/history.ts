// What has become of windows: in the pages, and after them in the history.

import { NotOpenError } from "../errors.js";
import {
  WindowStatus,
  type HistoryRecord,
  type PageWindow,
  type Position,
} from "../generated/market/index.js";
import { positionOf } from "../page.js";
import { decodeAccount, fetchAccounts } from "./accounts.js";
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

/** What became of a window. */
export type PastWindow = Readonly<
  Pick<
    HistoryRecord,
    "start" | "volume" | "price" | "short" | "long" | "low" | "high" | "orders"
  > & {
    /** It is in the history: nothing of its positions changes any more. */
    isFinal: boolean;
  }
>;

/** All past windows that are known, the earliest first: those in the history, and those that the pages still have. */
export async function readHistory(market: MarketHandle): Promise<PastWindow[]> {
  const { connection, addresses, parameters } = market;
  const slots = Array.from({ length: parameters.pages }, (_, slot) => addresses.pageSlot(slot));
  const [history, ...pages] = await fetchAccounts(connection, [
    addresses.history,
    ...(await Promise.all(slots)),
  ]);
  // A row that was never used has zeros. Where windows were left out, rows of an earlier round stand between the others.
  const { records } = decodeAccount(history!, historyKind());
  const known = new Map<bigint, PastWindow>();
  for (const account of pages) {
    const { header, windows } = decodeAccount(account, pageKind());
    for (const [number, window] of windows.entries()) {
      if (window.status !== WindowStatus.Allocated) continue;
      const start = header.start + BigInt(number * header.windowSeconds);
      known.set(start, pastWindow({ ...window, start }, false));
    }
  }
  for (const record of records)
    if (record.start !== 0n) known.set(record.start, pastWindow(record, true));
  return [...known.values()].sort((one, other) => (one.start < other.start ? -1 : 1));
}

function pastWindow(of: Omit<PastWindow, "isFinal">, isFinal: boolean): PastWindow {
  const { start, volume, price, short, long, low, high, orders } = of;
  return { start, volume, price, short, long, low, high, orders, isFinal };
}
