// The one table with rows of several kinds. Which follow each other, and how many, is the market's WINDOW_ROWS;
// the header and each kind of row are rendered.

import { createDecoder, getArrayDecoder, type Decoder } from "@solana/kit";

import {
  getLevelDecoder,
  getNodeStateDecoder,
  getOrderDecoder,
  getPositionDecoder,
  getWindowDecoder,
  getWindowSize,
  OrderState,
  Side,
  TICKS_PER_BLOCK,
  WINDOW_DISCRIMINATOR,
  type Level,
  type NodeState,
  type Order,
  type Position,
  type Window,
} from "./generated/market/index.js";
import { getTableDecoder } from "./table.js";

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

/** What the rows of a window depend on; its header has it. */
export type WindowSizes = Pick<Window, "nodes" | "ticks" | "seats" | "orders">;

/** An order that stands, with its place. */
export type LiveOrder = Omit<Order, "state"> & Readonly<{ index: number; side: Side }>;

const rows = ({ nodes, ticks, seats, orders }: WindowSizes) =>
  ({
    nodes: [getNodeStateDecoder(), nodes],
    blocks: [getLevelDecoder(), nodes * Math.ceil(ticks / TICKS_PER_BLOCK)],
    levels: [getLevelDecoder(), nodes * ticks],
    positions: [getPositionDecoder(), seats],
    orders: [getOrderDecoder(), orders],
  }) as const;

/** Bytes of a full window of these sizes: what its rent is for. */
export function getWindowTableSize(sizes: WindowSizes): number {
  return Object.values(rows(sizes)).reduce(
    (size, [row, count]) => size + row.fixedSize * count,
    getWindowSize(),
  );
}

/** The decoder throws a TableError for bytes that are not a full window. */
export function getWindowTableDecoder(): Decoder<WindowTable> {
  const header = getWindowDecoder();
  return getTableDecoder({
    name: "window",
    discriminator: WINDOW_DISCRIMINATOR,
    header,
    size: getWindowTableSize,
    decoder: createDecoder({
      read(bytes, start) {
        let [window, offset] = header.read(bytes, start);
        const take = <Row>([row, count]: readonly [Decoder<Row>, number]): Row[] => {
          const [taken, end] = getArrayDecoder(row, { size: count }).read(bytes, offset);
          offset = end;
          return taken;
        };
        const { nodes, blocks, levels, positions, orders } = rows(window);
        const table = {
          header: window,
          // In the order they lie in.
          nodes: take(nodes),
          blocks: take(blocks),
          levels: take(levels),
          positions: take(positions),
          orders: take(orders),
        };
        return [table, offset];
      },
    }),
  });
}

/** The orders that stand, in sequence. */
export function liveOrders({
  header,
  orders,
}: Pick<WindowTable, "header" | "orders">): LiveOrder[] {
  return orders.slice(0, header.usedOrders).flatMap(({ state, ...rest }, index) => {
    if (state !== OrderState.Buy && state !== OrderState.Sell) return [];
    return [{ ...rest, index, side: state === OrderState.Buy ? Side.Buy : Side.Sell }];
  });
}
