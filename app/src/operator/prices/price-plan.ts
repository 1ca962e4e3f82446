// Which windows get which prices: what a file says, held against what stands and what can still be changed.

import type { market as programs, PricedWindow, PricesToPost } from "@joulebook/client";

import type { PriceEntry } from "./price-file";

/** What the market allows. */
export type Bounds = Pick<
  programs.Market,
  "lowestPrice" | "highestPrice" | "highestGridFee" | "noticeSeconds" | "windowSeconds"
>;

/** Why a window keeps what it has. */
export type Kept =
  "same" | "tooLate" | "finer" | "belowLowest" | "aboveHighest" | "crossed" | "gridFee";

export type PlannedWindow = Readonly<{
  start: number;
  before: PricedWindow;
  wanted: PricesToPost;
  /** Undefined if it is to be posted. */
  kept: Kept | undefined;
}>;

export type PricePlan = Readonly<{
  windows: readonly PlannedWindow[];
  /** Until when the file names prices for pages that are not open yet, unix seconds. */
  laterUntil: number | undefined;
}>;

/** `windows` and `entries` are sorted by their start. */
export function planPrices(
  windows: readonly PricedWindow[],
  entries: readonly PriceEntry[],
  now: number,
  bounds: Bounds,
): PricePlan {
  const { noticeSeconds, windowSeconds } = bounds;
  const planned: PlannedWindow[] = [];
  for (const before of windows) {
    const start = Number(before.start);
    const of = entries.filter((entry) => entry.start < start + windowSeconds && entry.end > start);
    const entry = of.find((each) => each.start <= start);
    if (!entry) continue;
    const wanted = {
      ...{ start: before.start, short: entry.short, long: entry.long },
      gridFee: entry.gridFee ?? before.gridFee,
    };
    const isLate = start < now + noticeSeconds || !before.isUnopened;
    const kept = isSame(before, wanted)
      ? "same"
      : isLate
        ? "tooLate"
        : of.some((each) => isOther(each, entry))
          ? "finer"
          : outOfBounds(wanted, bounds);
    planned.push({ start, before, wanted, kept });
  }
  const opened = Number(windows.at(-1)?.start ?? 0n) + windowSeconds;
  const known = entries.at(-1)?.end;
  return {
    windows: planned,
    laterUntil: known !== undefined && known > opened ? known : undefined,
  };
}

const isSame = (one: PricedWindow, other: PricesToPost) =>
  one.short === other.short && one.long === other.long && one.gridFee === other.gridFee;

/** Two rows within one window, which has one price. */
const isOther = (one: PriceEntry, other: PriceEntry) =>
  one.short !== other.short || one.long !== other.long || one.gridFee !== other.gridFee;

function outOfBounds({ short, long, gridFee }: PricesToPost, bounds: Bounds): Kept | undefined {
  if (long < bounds.lowestPrice) return "belowLowest";
  if (short > bounds.highestPrice) return "aboveHighest";
  if (long > short) return "crossed";
  return gridFee < 0 || gridFee > bounds.highestGridFee ? "gridFee" : undefined;
}
