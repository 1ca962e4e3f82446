// Windows that take orders, or have just done so: what their books say.

import { liveOrders, type BookTable, type LiveOrder } from "../book.js";
import { curvesOf, type Curves } from "../curves.js";
import { NotOpenError } from "../errors.js";
import { Phase } from "../generated/market/index.js";
import { priceAt, type Price } from "../units.js";
import { decodeAccount, fetchAccounts } from "./accounts.js";
import { chainTime } from "./clock.js";
import type { MarketHandle } from "./handle.js";
import { bookKind } from "./kinds.js";
import { readSeatNumber } from "./participant.js";

/** A window, as its book has it. */
export type DeliveryWindow = Readonly<{
  /** Of delivery, unix seconds; and of its end. */
  start: bigint;
  end: bigint;
  /** When it stops taking orders, unix seconds. */
  gate: bigint;
  phase: Phase;
  curves: Curves;
  /** Atoms per kWh, and Wh, once it is cleared: what was traded, and what everybody pays. */
  clearing: Readonly<{ price: Price; volume: bigint }> | undefined;
  book: BookTable;
}>;

/** An order of a seat, with what becomes of it. */
export type OwnOrder = LiveOrder & Readonly<{ window: bigint; limit: Price }>;

/**
 * The window that starts at `start`, unix seconds, as it is in the slot `since` or later. Throws a NotOpenError while no book has
 * it.
 */
export async function readWindow(
  market: MarketHandle,
  start: bigint,
  since?: bigint,
): Promise<DeliveryWindow> {
  const address = await market.addresses.book(start);
  const [account] = await fetchAccounts(market.connection, [address], since);
  const book = decodeAccount(account!, bookKind());
  if (book.header.start !== start || book.header.phase === Phase.Free)
    throw new NotOpenError(start);
  return windowOf(book);
}

/** All windows in the market's books, the earliest first: those that take orders, and those that wait to be allocated. */
export async function readWindows(market: MarketHandle): Promise<DeliveryWindow[]> {
  const slots = Array.from({ length: market.parameters.books }, (_, slot) => slot);
  const addresses = await Promise.all(slots.map((slot) => market.addresses.bookSlot(slot)));
  const accounts = await fetchAccounts(market.connection, addresses);
  return accounts
    .map((account) => decodeAccount(account, bookKind()))
    .filter(({ header }) => header.phase !== Phase.Free)
    .map(windowOf)
    .sort((one, other) => (one.start < other.start ? -1 : 1));
}

/** The windows that take orders now, the earliest first. Throws a LaggingClockError. */
export async function openWindows(market: MarketHandle): Promise<DeliveryWindow[]> {
  const [windows, now] = await Promise.all([readWindows(market), chainTime(market)]);
  return windows.filter(({ phase, gate }) => phase === Phase.Open && now < gate);
}

/** The orders that stand for the owner's seat, in all books. Throws a NoSeatError. */
export async function readOrders(market: MarketHandle): Promise<OwnOrder[]> {
  const [windows, seat] = await Promise.all([readWindows(market), readSeatNumber(market)]);
  return windows.flatMap((window) => ordersOf(window, seat));
}

/** The orders of a seat in one window. */
export function ordersOf(
  { start, book }: Pick<DeliveryWindow, "start" | "book">,
  seat: number,
): OwnOrder[] {
  return liveOrders(book)
    .filter((order) => order.seat === seat)
    .map((order) => ({ ...order, window: start, limit: priceAt(book.header, order.tick)! }));
}

export function windowOf(book: BookTable): DeliveryWindow {
  const { start, end, gate, phase } = book.header;
  const [node] = book.nodes;
  const isCleared = phase === Phase.Cleared || phase === Phase.Allocated;
  return {
    ...{ start, end, gate, phase, book },
    curves: curvesOf(book),
    clearing: isCleared && node ? { price: node.price, volume: node.volume } : undefined,
  };
}
