// A seat's money, and why some of it can't be taken out.

import { NoSeatError } from "../errors.js";
import { Phase, SeatStatus, type Book, type Seat } from "../generated/market/index.js";
import { positionOf } from "../page.js";
import { milliAtoms, type MilliAtoms } from "../units.js";
import { decodeAccount, fetchAccounts } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { bookKind, ledgerKind, pageKind } from "./kinds.js";
import { readSeatNumber } from "./participant.js";

/** Money of one window that is locked. */
export type Lock = Readonly<{
  /** For orders that may yet be filled; for contracts that the meters have not confirmed. */
  why: "orders" | "contracts";
  /** Start of the window, unix seconds. */
  window: bigint;
  amount: MilliAtoms;
}>;

/** A seat, with the reasons of its locks. They add up to `locked`, unless a transaction changed one of them meanwhile. */
export type OwnSeat = Seat & Readonly<{ index: number; locks: readonly Lock[] }>;

/** The owner's seat. Throws a NoSeatError. */
export async function readSeat(market: MarketHandle): Promise<OwnSeat> {
  const { addresses, parameters } = market;
  const index = await readSeatNumber(market);
  const books = Array.from({ length: parameters.books }, (_, slot) => addresses.bookSlot(slot));
  const pages = Array.from({ length: parameters.pages }, (_, slot) => addresses.pageSlot(slot));
  const tables = await Promise.all([...books, ...pages]);
  // In one call, as far as they fit one: what moves from a book to its page is then seen once.
  const [ledger, ...accounts] = await fetchAccounts(market.connection, [
    addresses.ledger,
    ...tables,
  ]);
  const seat = decodeAccount(ledger!, ledgerKind()).seats[index];
  if (!seat || seat.status !== SeatStatus.Open)
    throw new NoSeatError(market.owner, "it was not opened yet; open it with openSeat");
  const locks = [
    ...accounts.slice(0, books.length).flatMap((account): Lock[] => {
      const { header, seats } = decodeAccount(account, bookKind());
      // What seats had locked goes on standing there when it is in their contracts, until another window takes the book.
      const hasLocks = holdsOrders(header) && index >= header.seatCursor;
      return hasLocks ? lockOf("orders", header.start, seats[index]?.locked) : [];
    }),
    ...accounts.slice(books.length).flatMap((account): Lock[] => {
      const page = decodeAccount(account, pageKind());
      return page.windows.flatMap((_, number) =>
        lockOf(
          "contracts",
          page.header.start + BigInt(number * page.header.windowSeconds),
          positionOf(page, number, index)?.locked,
        ),
      );
    }),
  ];
  return {
    ...seat,
    index,
    locks: locks.sort((one, other) => (one.window < other.window ? -1 : 1)),
  };
}

function holdsOrders({ phase }: Book): boolean {
  return phase === Phase.Open || phase === Phase.Cleared;
}

function lockOf(why: Lock["why"], window: bigint, amount: MilliAtoms | undefined): Lock[] {
  return amount ? [{ why, window, amount: milliAtoms(amount) }] : [];
}
