// Which slot of a ring a time (unix seconds) uses.

/** The last boundary of windows, or pages, of `length` seconds that is not after `time`; `time` if there is no length. */
export function lastBoundary(time: bigint, length: number): bigint {
  return length > 0 ? time - remainder(time, BigInt(length)) : time;
}

/** (start / length) mod ring; undefined if `start` is not a boundary. */
export function ringSlot(start: bigint, length: number, ring: number): number | undefined {
  const seconds = BigInt(length);
  if (seconds <= 0n || ring <= 0 || remainder(start, seconds) !== 0n) return undefined;
  return Number(remainder(start / seconds, BigInt(ring)));
}

/** Never negative, unlike `%`. */
function remainder(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}
