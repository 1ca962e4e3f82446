import {
  getStructDecoder,
  getU16Decoder,
  getU8Decoder,
  type ReadonlyUint8Array,
} from "@solana/kit";

import {
  getWindowDecoder,
  getWindowSize,
  WINDOW_DISCRIMINATOR,
  type Window,
} from "../generated/market/index.js";
import { Side } from "../lock.js";
import type { MilliAtoms, Price, Tick, Wh, WhSum } from "../units.js";
import { readTable } from "./reader.js";
import { milliAtoms, price, reserved, tick, wh, whSum } from "./units.js";

/** Ticks summed in one block. */
export const TICKS_PER_BLOCK = 64;

/** One slot of a market's window ring. */
export type WindowTable = Readonly<{
  header: Window;
  nodes: NodeState[];
  /** Block sums, node by node. */
  blocks: Level[];
  /** Energy per tick, node by node. */
  levels: Level[];
  /** By seat. */
  positions: Position[];
  /** Every slot of the book; those from `header.usedOrders` on are stale. See {@link liveOrders}. */
  orders: Order[];
}>;

/** How far a window has come: `header.phase`. */
export enum Phase {
  Free = 0,
  Open = 1,
  Cleared = 2,
  Allocated = 3,
  Metered = 4,
  Settled = 5,
}

/** The outcome of one node. */
export type NodeState = Readonly<{
  volume: WhSum;
  /** The marginal tick's rationing. */
  buys: Ration;
  sells: Ration;
  /** 0 if nothing traded. */
  price: Price;
  /** The clearing interval. */
  low: Tick;
  high: Tick;
}>;

/** How the orders at the marginal tick share what there is. */
export type Ration = Readonly<{ given: WhSum; total: WhSum; asked: WhSum; served: WhSum }>;

/** Energy bid and offered at one tick or in one block. */
export type Level = Readonly<{ buy: WhSum; sell: WhSum }>;

/** What a seat has in one window. */
export type Position = Readonly<{
  /** What its orders lock, until they are allocated. */
  locked: MilliAtoms;
  /** Filled buys and sells. */
  bought: Wh;
  sold: Wh;
  /** Metered. */
  imported: Wh;
  exported: Wh;
  /** Live orders. */
  orders: number;
  /** A sum of {@link PositionFlags}. */
  flags: number;
}>;

export const PositionFlags = {
  /** A meter of the seat was not heard: the window counts as delivered. */
  ESTIMATED: 1,
  /** A meter brought energy of earlier windows. */
  CAUGHT_UP: 2,
  /** A meter was heard. */
  METERED: 4,
  /** The window's interval was never opened: nobody's meters could be heard. */
  UNREAD: 8,
} as const;

/** One slot of the book. An order's id is (window start, index, sequence). */
export type Order = Readonly<{
  /** In a free slot, the index of the next free one. */
  quantity: Wh;
  tick: Tick;
  /** 0 free, 1 buy, 2 sell. */
  state: number;
  node: number;
  /** Known once the window is allocated. */
  filled: Wh;
  seat: number;
  sequence: number;
}>;

/** An order that stands, with its place. */
export type LiveOrder = Omit<Order, "state"> & Readonly<{ index: number; side: Side }>;

const ration = getStructDecoder([
  ["given", whSum],
  ["total", whSum],
  ["asked", whSum],
  ["served", whSum],
]);
const nodeState = getStructDecoder([
  ["volume", whSum],
  ["buys", ration],
  ["sells", ration],
  ["price", price],
  ["low", tick],
  ["high", tick],
]);
const level = getStructDecoder([
  ["buy", whSum],
  ["sell", whSum],
]);
const position = getStructDecoder([
  ["locked", milliAtoms],
  ["bought", wh],
  ["sold", wh],
  ["imported", wh],
  ["exported", wh],
  ["orders", getU16Decoder()],
  ["flags", getU8Decoder()],
  ["reserved", reserved(5)],
]);
const order = getStructDecoder([
  ["quantity", wh],
  ["tick", tick],
  ["state", getU8Decoder()],
  ["node", getU8Decoder()],
  ["filled", wh],
  ["seat", getU16Decoder()],
  ["sequence", getU16Decoder()],
]);

type WindowSizes = Pick<Window, "nodes" | "ticks" | "seats" | "orders">;

const slices = ({ nodes, ticks, seats, orders }: WindowSizes) =>
  [
    [nodeState, nodes],
    [level, nodes * Math.ceil(ticks / TICKS_PER_BLOCK)],
    [level, nodes * ticks],
    [position, seats],
    [order, orders],
  ] as const;

/** Bytes of a window of these sizes: what its rent is for. */
export function windowLength(sizes: WindowSizes): number {
  return slices(sizes).reduce(
    (length, [decoder, count]) => length + decoder.fixedSize * count,
    getWindowSize(),
  );
}

/** Throws a TableError if the bytes are not a full window. */
export function decodeWindowTable(data: ReadonlyUint8Array): WindowTable {
  const { header, rows } = readTable(data, {
    name: "window",
    discriminator: WINDOW_DISCRIMINATOR,
    header: getWindowDecoder(),
    slices,
  });
  const [nodes, blocks, levels, positions, orders] = rows;
  return { header, nodes, blocks, levels, positions, orders };
}

/** The orders that stand, in sequence. */
export function liveOrders({
  header,
  orders,
}: Pick<WindowTable, "header" | "orders">): LiveOrder[] {
  return orders.slice(0, header.usedOrders).flatMap(({ state, ...rest }, index) => {
    if (state !== 1 && state !== 2) return [];
    return [{ ...rest, index, side: state === 1 ? Side.Buy : Side.Sell }];
  });
}
