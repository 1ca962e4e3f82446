// How a page ends for a seat: what no interval's value tells of is charged, and what a silence kept back is paid back. The same
// rules as in crates/settlement (ending.rs), in whole numbers.

import type { Page, PageWindow } from "../generated/market/index.js";
import type { Meter, PageRegisters } from "../generated/oracle/index.js";
import {
  extended,
  fitting,
  NO_SILENCE,
  unseenCost,
  unseenCostAtMost,
  withAnotherSupplier,
  worsened,
  type Silence,
  type Tariff,
} from "./silence.js";

/** A start of a page that never was. */
export const NEVER = -(2n ** 63n);

type PageTimes = Pick<Page, "start" | "previous" | "windows" | "windowSeconds">;

/** What a seat's meters leave over in a page that the oracle has finished, Wh. */
export type LeftOver = Readonly<{
  /** Came to light, to be settled as drawn, and as fed in. */
  charged: bigint;
  credited: bigint;
  /** What meters moved at most until their counting began, late; it never pays. */
  mostCharged: bigint;
  mostCredited: bigint;
  /** Windows before the last boundary at which all meters are known; undefined if one was not heard, or there is none. */
  heardWindows: number | undefined;
  isSilent: boolean;
  /** Not the counting of all meters begins with this page. */
  goesOn: boolean;
  /** The service of a meter goes on behind this page. */
  stays: boolean;
  /** The service of a meter ends with this page, and it was not heard until then. */
  isLost: boolean;
}>;

export function leftOver(
  meters: readonly (readonly [
    Pick<Meter, "countedFrom" | "serviceUntil" | "lateImport" | "lateExport">,
    PageRegisters,
  ])[],
  page: PageTimes,
): LeftOver {
  const sum = (of: (each: (typeof meters)[number]) => bigint) =>
    meters.reduce((all, each) => all + of(each), 0n);
  const heard = meters.flatMap(([, { known, last }]) => (known !== 0 ? [last] : []));
  const isSilent = heard.length < meters.length;
  const ends = ({ serviceUntil }: { serviceUntil: bigint }) => serviceUntil <= endOf(page);
  return {
    charged: sum(([, registers]) => registers.import),
    credited: sum(([, registers]) => registers.export),
    mostCharged: sum(([meter, { beginsLate }]) => (beginsLate ? meter.lateImport : 0n)),
    mostCredited: sum(([meter, { beginsLate }]) => (beginsLate ? meter.lateExport : 0n)),
    heardWindows: isSilent || heard.length === 0 ? undefined : Math.min(...heard),
    isSilent,
    // Where it begins later because values tell of all before, registers of before were silent.
    goesOn: meters.some(([meter, { begins }]) => !begins || meter.countedFrom < page.start),
    stays: meters.some(([meter]) => !ends(meter)),
    isLost: meters.some(
      ([meter, { known, last }]) => ends(meter) && (known === 0 || last !== page.windows),
    ),
  };
}

/** Whether a window of the page is silent. `isWhole` if all of the seat's meters have a value in it. */
export function isSilentWindow(left: LeftOver, window: number, isWhole: boolean): boolean {
  const { isSilent, heardWindows } = left;
  return !isWhole || isSilent || (heardWindows !== undefined && heardWindows <= window);
}

/** A silent window of the page, its prices, and what it keeps back. */
export type SilentWindow = Readonly<{ window: number; tariff: Tariff; owed: bigint }>;

/** What a page's end comes to for a seat: what it pays, below zero what it receives, and the silence that goes on. */
export type Ended = Readonly<{ pays: bigint; silence: Silence }>;

/**
 * `before` is the silence of the pages before, `isOfAnother` says that its last windows had another supplier, `worst` are the
 * worst prices of this page.
 */
export function endingOf(
  page: PageTimes,
  left: LeftOver,
  {
    before,
    isOfAnother,
    worst,
  }: Readonly<{ before: Silence; isOfAnother: boolean; worst: Tariff }>,
  silent: readonly SilentWindow[],
): Ended {
  const { heardWindows } = left;
  // Where no register will ever tell of it, there is nothing to be paid back.
  let heard = !left.goesOn ? NO_SILENCE : isOfAnother ? withAnotherSupplier(before) : before;
  let rest = NO_SILENCE;
  for (const { window, tariff, owed } of silent)
    if (heardWindows === undefined || window < heardWindows) heard = extended(heard, tariff, owed);
    else rest = extended(rest, tariff, owed);

  let prices = heard;
  if (rest.windows > 0) prices = extended(prices, { short: rest.dearest, long: rest.lowest }, 0n);
  const ofOther = { ...worst, long: worst.long > 0n ? 0n : worst.long };
  const behindGap = isOfAnother ? ofOther : worst;
  if (followsGap(page)) prices = extended(prices, behindGap, 0n);
  if (prices.windows === 0) prices = extended(prices, worst, 0n);
  const cost = fitting(
    unseenCost(prices, left.charged, left.credited) +
      unseenCostAtMost(prices, left.mostCharged, left.mostCredited),
  );
  const pays = heardWindows === undefined ? cost : fitting(cost - heard.owed);
  // Energy of the gap comes to light later, at no better prices than it would have now.
  if (followsGap(page)) heard = worsened(heard, behindGap);
  const silence = heardWindows === undefined ? heard : rest;
  if (!left.stays) return { pays, silence: NO_SILENCE };
  return { pays, silence: left.isLost ? { ...silence, owed: 0n } : silence };
}

/** Whether what is charged does not follow from pages before: no silence goes on, or nothing came to light and none ended. */
export function needsNoPast(page: PageTimes, left: LeftOver): boolean {
  const { heardWindows, goesOn } = left;
  const sums = [left.charged, left.credited, left.mostCharged, left.mostCredited];
  const isQuiet = heardWindows === undefined && sums.every((sum) => sum === 0n);
  return !followsGap(page) && (!goesOn || isQuiet);
}

/** Whether pages before this one were left out. The first one has none before it. */
function followsGap(page: PageTimes): boolean {
  const length = BigInt(page.windows * page.windowSeconds);
  return page.previous !== NEVER && page.previous + length !== page.start;
}

const endOf = (page: PageTimes) => page.start + BigInt(page.windows * page.windowSeconds);

/** The highest retail price and the lowest feed-in tariff of a page's windows. */
export function worstPrices(windows: readonly Pick<PageWindow, "short" | "long">[]): Tariff {
  return {
    short: windows.length > 0 ? BigInt(Math.max(...windows.map(({ short }) => short))) : 0n,
    long: windows.length > 0 ? BigInt(Math.min(...windows.map(({ long }) => long))) : 0n,
  };
}
