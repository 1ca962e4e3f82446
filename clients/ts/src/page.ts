// A page: what consecutive windows leave behind. Which rows follow each other, and how many, is the market's
// PAGE_ROWS; the header and each kind of row are rendered.

import type { Decoder } from "@solana/kit";

import {
  getPageDecoder,
  getPageWindowDecoder,
  getPositionDecoder,
  PAGE_DISCRIMINATOR,
  type Page,
  type PageWindow,
  type Position,
} from "./generated/market/index.js";
import { elementOf, getRowsSize, getTableOfRowsDecoder } from "./table.js";

/** One slot of a market's page ring. */
export type PageTable = Readonly<{
  header: Page;
  windows: PageWindow[];
  /** Window by window, all seats of each. See {@link positionOf}. */
  positions: Position[];
}>;

/** What the rows of a page depend on; its header has it. */
export type PageSizes = Pick<Page, "windows" | "seats">;

const rows = ({ windows, seats }: PageSizes) =>
  ({
    windows: [getPageWindowDecoder(), windows],
    positions: [getPositionDecoder(), windows * seats],
  }) as const;

/** Bytes of a full page of these sizes: what its rent is for. */
export function getPageTableSize(sizes: PageSizes): number {
  return getRowsSize(getPageDecoder(), rows(sizes));
}

/** The decoder throws a TableError for bytes that are not a full page. */
export function getPageTableDecoder(): Decoder<PageTable> {
  return getTableOfRowsDecoder({
    name: "page",
    discriminator: PAGE_DISCRIMINATOR,
    header: getPageDecoder(),
    rows,
  });
}

/** What a seat has in the window of this number, from 0 on; undefined beyond the page. */
export function positionOf(
  { header, positions }: Pick<PageTable, "header" | "positions">,
  window: number,
  seat: number,
): Position | undefined {
  return elementOf(positions, header.seats, window, seat);
}
