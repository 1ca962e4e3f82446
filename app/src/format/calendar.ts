// Days and months of the community's time zone.

/** "2026-11-27" of a moment, unix seconds. */
export function dayOf(time: bigint | number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit" },
  });
  return parts.format(new Date(Number(time) * 1000));
}

/** "2026-11" of a moment, unix seconds. */
export function monthOf(time: bigint | number, timeZone: string): string {
  return dayOf(time, timeZone).slice(0, 7);
}

/** The first moment of a day "2026-11-27", unix seconds. */
export function startOfDay(day: string, timeZone: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`) / 1000;
  // Where clocks are ahead, the day began before; twice, as they may have been changed in between.
  const first = utc - offsetAt(utc, timeZone);
  return utc - offsetAt(first, timeZone);
}

/** The day that is so many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The month that is so many months later. */
export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + months, 1)).toISOString().slice(0, 7);
}

/** First and last moment of a day, unix seconds; the last one is the next day's first. */
export function dayBounds(day: string, timeZone: string): readonly [number, number] {
  return [startOfDay(day, timeZone), startOfDay(addDays(day, 1), timeZone)];
}

/** First and last moment of a month, likewise. */
export function monthBounds(month: string, timeZone: string): readonly [number, number] {
  return [startOfDay(`${month}-01`, timeZone), startOfDay(`${addMonths(month, 1)}-01`, timeZone)];
}

/** How far a zone's clocks are ahead of UTC, seconds. */
function offsetAt(time: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric", second: "numeric" },
  });
  const parts = Object.fromEntries(
    format.formatToParts(new Date(time * 1000)).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - time;
}
