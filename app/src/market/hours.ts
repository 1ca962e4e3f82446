// Where the hours of a day's axis stand: every third one, or every sixth where there is little room.

const NARROW = 480;

/** Unix seconds, within bounds. */
export function hoursBetween([since, until]: readonly [number, number], width: number): number[] {
  const step = (width < NARROW ? 6 : 3) * 3600;
  const count = Math.floor((until - since) / step);
  return Array.from({ length: Math.max(count - 1, 0) }, (_, at) => since + (at + 1) * step);
}
