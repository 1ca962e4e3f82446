// An interval page: what each meter moved in consecutive intervals. Which rows follow each other, and how many, is the
// oracle's INTERVAL_PAGE_ROWS; the header and each kind of row are rendered.

import type { Decoder } from "@solana/kit";

import {
  getIntervalPageDecoder,
  getPageEntryDecoder,
  getPageRegistersDecoder,
  INTERVAL_PAGE_DISCRIMINATOR,
  Quality,
  type IntervalPage,
  type PageEntry,
  type PageRegisters,
} from "./generated/oracle/index.js";
import { meterRow } from "./meter.js";
import { elementOf, getRowsSize, getTableOfRowsDecoder } from "./table.js";
import { wh, type Wh } from "./units.js";

/** One slot of a meter table's page ring. */
export type IntervalPageTable = Readonly<{
  header: IntervalPage;
  /** By meter. */
  registers: PageRegisters[];
  /** Meter by meter, all intervals of each, as they are packed. See {@link entryOf}. */
  entries: PageEntry[];
}>;

/** What the rows of an interval page depend on; its header has it. */
export type IntervalPageSizes = Pick<IntervalPage, "capacity" | "intervals">;

/** What a page knows of one meter in one interval. */
export type IntervalEntry = Readonly<{
  /** Drawn from the grid. Of an interval that is missing or a gap, not all of it, or not its own. */
  import: Wh;
  /** Fed into the grid, likewise. */
  export: Wh;
  quality: Quality;
  /** Whether the registers are known at the interval's end. */
  isBoundaryKnown: boolean;
}>;

const rows = ({ capacity, intervals }: IntervalPageSizes) =>
  ({
    registers: [getPageRegistersDecoder(), capacity],
    entries: [getPageEntryDecoder(), capacity * intervals],
  }) as const;

/** Bytes of a full interval page of these sizes: what its rent is for. */
export function getIntervalPageTableSize(sizes: IntervalPageSizes): number {
  return getRowsSize(getIntervalPageDecoder(), rows(sizes));
}

/** The decoder throws a TableError for bytes that are not a full interval page. */
export function getIntervalPageTableDecoder(): Decoder<IntervalPageTable> {
  return getTableOfRowsDecoder({
    name: "interval page",
    discriminator: INTERVAL_PAGE_DISCRIMINATOR,
    header: getIntervalPageDecoder(),
    rows,
  });
}

/** The entry of the meter with this number in the interval of this number, from 0 on; undefined beyond the page. */
export function entryOf(
  { header, entries }: Pick<IntervalPageTable, "header" | "entries">,
  meter: number,
  interval: number,
): IntervalEntry | undefined {
  const packed = elementOf(entries, header.intervals, meterRow(meter), interval);
  return packed && unpacked(packed);
}

/** Bits of an energy; above them come the quality and what is known of the boundary. */
const WH_BITS = 30;
const MAX_WH = 2 ** WH_BITS - 1;

function unpacked(entry: PageEntry): IntervalEntry {
  return {
    import: wh(entry.import & MAX_WH),
    export: wh(entry.export & MAX_WH),
    quality: entry.import >>> WH_BITS,
    isBoundaryKnown: (entry.export >>> WH_BITS) % 2 === 1,
  };
}
