import {
  getI64Decoder,
  getStructDecoder,
  getU16Decoder,
  type ReadonlyUint8Array,
} from "@solana/kit";

import {
  getHistoryDecoder,
  getHistorySize,
  HISTORY_DISCRIMINATOR,
  type History,
} from "../generated/market/index.js";
import type { Price, Tick, WhSum } from "../units.js";
import { readTable } from "./reader.js";
import { price, reserved, tick, whSum } from "./units.js";

/** Past windows; the one that starts at t is in record (t / length) mod capacity. */
export type HistoryTable = Readonly<{ header: History; records: HistoryRecord[] }>;

/** One past window; all zero where none was recorded. */
export type HistoryRecord = Readonly<{
  /** Unix seconds. */
  start: bigint;
  volume: WhSum;
  imported: WhSum;
  exported: WhSum;
  /** 0 if nothing traded. */
  price: Price;
  /** Imbalance prices. */
  short: Price;
  long: Price;
  /** The clearing interval. */
  low: Tick;
  high: Tick;
  /** Orders allocated. */
  orders: number;
  /** Seats with a meter that was not heard. */
  estimated: number;
}>;

const record = getStructDecoder([
  ["start", getI64Decoder()],
  ["volume", whSum],
  ["imported", whSum],
  ["exported", whSum],
  ["price", price],
  ["short", price],
  ["long", price],
  ["low", tick],
  ["high", tick],
  ["orders", getU16Decoder()],
  ["estimated", getU16Decoder()],
  ["reserved", reserved(4)],
]);

/** Throws a TableError if the bytes are not a full history. */
export function decodeHistoryTable(data: ReadonlyUint8Array): HistoryTable {
  const { header, rows } = readTable(data, {
    name: "history",
    discriminator: HISTORY_DISCRIMINATOR,
    header: getHistoryDecoder(),
    slices: ({ capacity }) => [[record, capacity]],
  });
  const [records] = rows;
  return { header, records };
}

/** Bytes of a history of so many past windows: what its rent is for. */
export function historyLength(records: number): number {
  return getHistorySize() + records * record.fixedSize;
}
