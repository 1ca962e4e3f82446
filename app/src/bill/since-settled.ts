// What was corrected of a bill's own windows after they had been settled: what each part of its time came to then, and comes to now.

import { dayOf, monthOf } from "../format/calendar";
import type { Period, PeriodKind } from "../format/period";
import type { Schemas } from "../indexer/client";
import { milliAtomsOf } from "../indexer/money";

/** What a bill is told by here: a day by its windows, a month by its days, a year by its months. */
export const PARTS = { day: "window", month: "day", year: "month" } as const satisfies Record<
  PeriodKind,
  string
>;

/** Milli-atoms, below zero what is received. */
export type ChangedPart = Readonly<{
  /** The window's start, unix seconds, or "2026-11-17", or "2026-11". */
  name: string;
  /** As it was first settled. */
  before: bigint;
  now: bigint;
}>;

/** The part of a bill that a window is in, by name. */
export function partOf(start: number, { kind }: Pick<Period, "kind">, timeZone: string): string {
  if (kind === "day") return String(start);
  return kind === "month" ? dayOf(start, timeZone) : monthOf(start, timeZone);
}

/** How much more each part is than it was, by name, the earliest first; what was taken back again is left out. */
export function differences(
  items: readonly Schemas["CorrectionItem"][],
  period: Pick<Period, "kind">,
  timeZone: string,
  decimals: number,
): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { start, paid } of items) {
    const name = partOf(start, period, timeZone);
    sums.set(name, (sums.get(name) ?? 0n) + milliAtomsOf(paid, decimals));
  }
  const changed = [...sums].filter(([, sum]) => sum !== 0n);
  // Names of one kind are as long as each other.
  return new Map(changed.sort(([one], [other]) => (one < other ? -1 : 1)));
}

export const sumOfParts = (parts: readonly ChangedPart[]) =>
  parts.reduce((sum, { before, now }) => sum + now - before, 0n);
