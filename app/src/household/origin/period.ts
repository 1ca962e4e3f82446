// Days, months and years that can be looked back at.

import { addDays, addMonths, dayBounds, monthBounds } from "../../format/calendar";
import type { Formats } from "../../format/formats";

export const PERIODS = ["day", "month", "year"] as const;
export type Period = (typeof PERIODS)[number];

/** "2026-11-27", "2026-11" or "2026", so many periods before `today`. */
export function periodBack(today: string, period: Period, back: number): string {
  if (period === "day") return addDays(today, -back);
  if (period === "month") return addMonths(today.slice(0, 7), -back);
  return String(Number(today.slice(0, 4)) - back);
}

/** Its first moment, and the first one behind it, unix seconds. */
export function periodBounds(shown: string, zone: string): readonly [number, number] {
  if (shown.length === 10) return dayBounds(shown, zone);
  if (shown.length === 7) return monthBounds(shown, zone);
  return [monthBounds(`${shown}-01`, zone)[0], monthBounds(`${shown}-12`, zone)[1]];
}

/** The months of a year that have begun by `today`. */
export function monthsOf(year: string, today: string): readonly string[] {
  const months = Array.from({ length: 12 }, (_, at) => addMonths(`${year}-01`, at));
  return months.filter((month) => month <= today.slice(0, 7));
}

export function periodTitle(shown: string, zone: string, formats: Formats): string {
  const [start] = periodBounds(shown, zone);
  if (shown.length === 10) return formats.day(start);
  return shown.length === 7 ? formats.month(start + 43_200) : shown;
}
