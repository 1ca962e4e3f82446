// The time that a bill is of: a day, a month or a year of the community's time zone.

import { addDays, addMonths, dayBounds, monthBounds, startOfDay } from "./calendar";
import type { Formats } from "./formats";

export const PERIODS = ["day", "month", "year"] as const;
export type PeriodKind = (typeof PERIODS)[number];

/** `name` is "2026-11-27", "2026-11" or "2026". */
export type Period = Readonly<{ kind: PeriodKind; name: string }>;

/** The one of so many ago; `today` is the day that it is. */
export function periodOf(today: string, kind: PeriodKind, ago: number): Period {
  if (kind === "day") return { kind, name: addDays(today, -ago) };
  if (kind === "month") return { kind, name: addMonths(today.slice(0, 7), -ago) };
  return { kind, name: String(Number(today.slice(0, 4)) - ago) };
}

/** First and last moment, unix seconds; the last one is the next period's first. */
export function boundsOf({ kind, name }: Period, timeZone: string): readonly [number, number] {
  if (kind === "day") return dayBounds(name, timeZone);
  if (kind === "month") return monthBounds(name, timeZone);
  const next = String(Number(name) + 1).padStart(4, "0");
  return [startOfDay(`${name}-01-01`, timeZone), startOfDay(`${next}-01-01`, timeZone)];
}

/** Months of a year, up to the one that it is today. */
export function monthsOf(year: string, today: string): string[] {
  const months = Array.from({ length: 12 }, (_, at) => addMonths(`${year}-01`, at));
  return months.filter((month) => month <= today.slice(0, 7));
}

/** "Friday, 27 November 2026", "November 2026" or "2026". */
export function titleOf(period: Period, formats: Formats): string {
  if (period.kind === "year") return period.name;
  const [since] = boundsOf(period, formats.options.timeZone);
  // The middle of the day, whatever clocks do at night.
  const noon = since + 43_200;
  return period.kind === "month" ? formats.month(noon) : formats.longDay(noon);
}
