// A book: the orders of one window, with their sums by level. Which rows follow each other, and how many, is the
// market's BOOK_ROWS; the header and each kind of row are rendered.

import type { Decoder } from "@solana/kit";

import {
  BOOK_DISCRIMINATOR,
  getBookDecoder,
  getBookSeatDecoder,
  getLevelDecoder,
  getNodeStateDecoder,
  getOrderDecoder,
  OrderState,
  Side,
  TICKS_PER_BLOCK,
  type Book,
  type BookSeat,
  type Level,
  type NodeState,
  type Order,
} from "./generated/market/index.js";
import { getRowsSize, getTableOfRowsDecoder } from "./table.js";

/** One slot of a market's book ring. */
export type BookTable = Readonly<{
  header: Book;
  nodes: NodeState[];
  /** By participant's index. */
  seats: BookSeat[];
  /** Block sums, node by node. */
  blocks: Level[];
  /** Energy per tick, node by node. */
  levels: Level[];
  /** Every slot; those from `header.usedOrders` on are stale. See {@link liveOrders}. */
  orders: Order[];
}>;

/** What the rows of a book depend on; its header has it. */
export type BookSizes = Pick<Book, "nodes" | "ticks" | "seats" | "orders">;

/** An order that stands, with its place. */
export type LiveOrder = Omit<Order, "state"> & Readonly<{ index: number; side: Side }>;

const rows = ({ nodes, ticks, seats, orders }: BookSizes) =>
  ({
    nodes: [getNodeStateDecoder(), nodes],
    seats: [getBookSeatDecoder(), seats],
    blocks: [getLevelDecoder(), nodes * Math.ceil(ticks / TICKS_PER_BLOCK)],
    levels: [getLevelDecoder(), nodes * ticks],
    orders: [getOrderDecoder(), orders],
  }) as const;

/** Bytes of a full book of these sizes: what its rent is for. */
export function getBookTableSize(sizes: BookSizes): number {
  return getRowsSize(getBookDecoder(), rows(sizes));
}

/** The decoder throws a TableError for bytes that are not a full book. */
export function getBookTableDecoder(): Decoder<BookTable> {
  return getTableOfRowsDecoder({
    name: "book",
    discriminator: BOOK_DISCRIMINATOR,
    header: getBookDecoder(),
    rows,
  });
}

/** The orders that stand, in sequence. */
export function liveOrders({ header, orders }: Pick<BookTable, "header" | "orders">): LiveOrder[] {
  return orders.slice(0, header.usedOrders).flatMap(({ state, ...rest }, index) => {
    if (state !== OrderState.Buy && state !== OrderState.Sell) return [];
    return [{ ...rest, index, side: state === OrderState.Buy ? Side.Buy : Side.Sell }];
  });
}
