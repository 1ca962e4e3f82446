import {
  getStructDecoder,
  getU16Decoder,
  getU8Decoder,
  type ReadonlyUint8Array,
} from "@solana/kit";

import {
  getIntervalDecoder,
  getIntervalSize,
  INTERVAL_DISCRIMINATOR,
  type Interval,
} from "../generated/oracle/index.js";
import type { Wh } from "../units.js";
import { readTable } from "./reader.js";
import { wh } from "./units.js";

/** What each meter moved in one interval; an entry's place is the meter's number. */
export type IntervalTable = Readonly<{ header: Interval; entries: IntervalEntry[] }>;

export type IntervalEntry = Readonly<{
  import: Wh;
  export: Wh;
  /** The participant the meter belonged to when the interval was opened. */
  participant: number;
  /** A {@link Quality}. */
  quality: number;
  /** 1 if the interval waits, or waited, for the meter. */
  awaited: number;
}>;

export enum Quality {
  NotExpected = 0,
  Missing = 1,
  Measured = 2,
  /** Holds energy of earlier intervals too. */
  CaughtUp = 3,
}

const entry = getStructDecoder([
  ["import", wh],
  ["export", wh],
  ["participant", getU16Decoder()],
  ["quality", getU8Decoder()],
  ["awaited", getU8Decoder()],
]);

/** Throws a TableError if the bytes are not a full interval. */
export function decodeIntervalTable(data: ReadonlyUint8Array): IntervalTable {
  const { header, rows } = readTable(data, {
    name: "interval",
    discriminator: INTERVAL_DISCRIMINATOR,
    header: getIntervalDecoder(),
    slices: ({ capacity }) => [[entry, capacity]],
  });
  const [entries] = rows;
  return { header, entries };
}

/** Bytes of an interval of so many meters: what its rent is for. */
export function intervalLength(meters: number): number {
  return getIntervalSize() + meters * entry.fixedSize;
}
