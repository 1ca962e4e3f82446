// What was corrected in a bill's time of windows before it. It is in the bills of their own days, which have changed by it.

import { dayOf } from "../format/calendar";
import type { Schemas } from "../indexer/client";
import { milliAtomsOf } from "../indexer/money";

/** Of a day, "2026-11-18": what was paid more, milli-atoms; below zero, what was given back. */
export type DayCorrection = Readonly<{ day: string; amount: bigint }>;

/** Days that have changed, the latest first; what was taken back again is none. */
export function correctionsByDay(
  items: readonly Schemas["CorrectionItem"][],
  timeZone: string,
  decimals: number,
): DayCorrection[] {
  const days = new Map<string, bigint>();
  for (const { start, paid } of items) {
    const day = dayOf(start, timeZone);
    days.set(day, (days.get(day) ?? 0n) + milliAtomsOf(paid, decimals));
  }
  return [...days]
    .filter(([, amount]) => amount !== 0n)
    .map(([day, amount]) => ({ day, amount }))
    .sort((one, other) => other.day.localeCompare(one.day));
}

export const sumOfCorrections = (corrections: readonly DayCorrection[]) =>
  corrections.reduce((sum, { amount }) => sum + amount, 0n);
