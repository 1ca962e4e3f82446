// Prices as a file has them: CSV with a heading, as `joulebook admin prices` takes it. What is wrong with a row is said of that row.

import { parseDecimal, price, UnitError, type Price } from "@joulebook/client";

export const PRICE_UNITS = ["token", "cent", "mwh"] as const;
export type PriceUnit = (typeof PRICE_UNITS)[number];

/** Prices that hold from `start` on, and before `end`; unix seconds, and atoms per kWh. */
export type PriceEntry = Readonly<{
  /** Of the file, from 2 on: the first one is the heading. */
  line: number;
  start: number;
  end: number;
  short: Price;
  long: Price;
  /** Undefined where what is posted stays. */
  gridFee: Price | undefined;
}>;

export type RowFault = "time" | "number" | "missing" | "sorted" | "end";
export type RejectedRow = Readonly<{ line: number; fault: RowFault; text: string }>;

/** What is wrong with a file as a whole. */
export class PriceFileError extends Error {
  override readonly name = "PriceFileError";
  constructor(
    readonly fault: "empty" | "tooLarge" | "tooMany" | "columns" | "noCsv",
    readonly text = "",
  ) {
    super(`${fault} ${text}`);
  }
}

export type PriceFile = Readonly<{ entries: PriceEntry[]; rejected: RejectedRow[] }>;

const COLUMNS = ["start", "end", "price", "short", "long", "grid_fee"] as const;
type Row = Partial<Record<(typeof COLUMNS)[number], string>>;

const MOST_BYTES = 8 * 1024 * 1024;
/** Two years of quarter hours. */
const MOST_ROWS = 70_080;
const SHOWN = 40;

export type ReadingOptions = Readonly<{
  unit: PriceUnit;
  /** Of the market's token. */
  decimals: number;
  /** That the last row holds, if that does not follow from it, seconds. */
  step: number;
}>;

/** Throws a PriceFileError. */
export async function readPriceFile(file: Blob, options: ReadingOptions): Promise<PriceFile> {
  if (file.size > MOST_BYTES) throw new PriceFileError("tooLarge");
  return parsePrices(await file.text(), options);
}

/** Throws a PriceFileError. */
export async function parsePrices(text: string, options: ReadingOptions): Promise<PriceFile> {
  const { parseCsv } = await import("hucre/csv");
  const delimiter = (text.split("\n", 1)[0] ?? "").includes(";") ? ";" : ",";
  let cells: unknown[][];
  try {
    cells = parseCsv(text, { delimiter, maxRows: MOST_ROWS + 2 });
  } catch {
    throw new PriceFileError("noCsv");
  }
  const [heading = [], ...body] = cells;
  const names = heading.map((name) => textOf(name).toLowerCase());
  const isKnown = names.every((name) => (COLUMNS as readonly string[]).includes(name));
  if (!names.includes("start") || !isKnown)
    throw new PriceFileError("columns", names.join(", ").slice(0, SHOWN));
  if (body.length > MOST_ROWS) throw new PriceFileError("tooMany");
  const rows = body.map((values, at) => ({
    line: at + 2,
    row: Object.fromEntries(names.map((name, place) => [name, textOf(values[place])])) as Row,
  }));
  // A decimal comma can be told from a comma between cells only where those are separated otherwise.
  const hasCommas = delimiter === ";";
  return entriesOf(
    rows.filter(({ row }) => Object.values(row).some((value) => value !== "")),
    { ...options, hasCommas },
  );
}

function entriesOf(
  rows: readonly Readonly<{ line: number; row: Row }>[],
  options: ReadingOptions & { hasCommas: boolean },
): PriceFile {
  if (rows.length === 0) throw new PriceFileError("empty");
  const entries: PriceEntry[] = [];
  const rejected: RejectedRow[] = [];
  for (const [at, { line, row }] of rows.entries()) {
    const reject = (fault: RowFault, text = "") =>
      rejected.push({ line, fault, text: text.slice(0, SHOWN) });
    const start = timeOf(row.start);
    if (start === undefined) {
      reject("time", row.start);
      continue;
    }
    const before = entries.at(-1);
    if (before && (start <= before.start || start < before.end)) {
      reject("sorted", row.start);
      continue;
    }
    const next = timeOf(rows[at + 1]?.row.start);
    const end = row.end ? timeOf(row.end) : (next ?? start + lengthOf(before, options.step));
    if (end === undefined || end <= start) {
      reject(end === undefined ? "time" : "end", row.end ?? rows[at + 1]?.row.start);
      continue;
    }
    const [shortText, longText] = [row.short || row.price, row.long || row.price];
    if (!shortText || !longText) {
      reject("missing");
      continue;
    }
    const amounts = [shortText, longText, row.grid_fee].map((text) =>
      text ? amountOf(text, options) : undefined,
    );
    const [short, long, gridFee] = amounts;
    if (short === undefined || long === undefined || (row.grid_fee && gridFee === undefined)) {
      reject("number", [shortText, longText, row.grid_fee].filter(Boolean).join(" · "));
      continue;
    }
    entries.push({ line, start, end, short, long, gridFee });
  }
  return { entries, rejected };
}

/** The last row holds as long as the one before it. */
const lengthOf = (before: PriceEntry | undefined, step: number) =>
  before ? before.end - before.start : step;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.0+)?(Z|[+-]\d\d:?\d\d)$/;
const SECONDS = /^\d{1,12}$/;

/** Unix seconds of a time with its offset, or of seconds; undefined for anything else. */
function timeOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (SECONDS.test(text)) return Number(text);
  if (!ISO.test(text)) return undefined;
  const found = Date.parse(text) / 1000;
  return Number.isInteger(found) ? found : undefined;
}

/** Atoms per kWh, exactly; undefined for what is no number, or has more digits than there are. */
function amountOf(
  text: string,
  { unit, decimals, hasCommas }: ReadingOptions & { hasCommas: boolean },
): Price | undefined {
  const point = hasCommas ? text.replace(",", ".") : text;
  const isNegative = point.startsWith("-");
  const digits = decimals - { token: 0, cent: 2, mwh: 3 }[unit];
  try {
    const size = Number(parseDecimal(isNegative ? point.slice(1) : point, digits));
    return price(isNegative && size > 0 ? -size : size);
  } catch (error) {
    if (error instanceof UnitError) return undefined;
    throw error;
  }
}

const textOf = (cell: unknown) => (typeof cell === "string" ? cell.trim() : String(cell ?? ""));
