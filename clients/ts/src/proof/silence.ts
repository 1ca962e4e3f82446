// What a seat's row remembers of windows in which its meters were missing for good, and what becomes of it in a page that is
// finished. The same rules as in crates/settlement (silence.rs), in whole numbers.

/** From the first window in which a meter was missing until all are heard again. Prices in atoms per kWh, money in milli-atoms. */
export type Silence = Readonly<{
  /** Windows with a missing meter. */
  windows: number;
  /** The highest short price of those windows. */
  dearest: bigint;
  /** The lowest long price of those windows. */
  lowest: bigint;
  /** Paid back when the silence ends. */
  owed: bigint;
}>;

/** Imbalance prices, atoms per kWh. */
export type Tariff = Readonly<{ short: bigint; long: bigint }>;

export const NO_SILENCE: Silence = { windows: 0, dearest: 0n, lowest: 0n, owed: 0n };

const MOST = 2n ** 63n - 1n;
const larger = (one: bigint, other: bigint) => (one > other ? one : other);
const smaller = (one: bigint, other: bigint) => (one < other ? one : other);
/** Sums stay at the most that fits. */
export const fitting = (sum: bigint) => larger(smaller(sum, MOST), -MOST - 1n);

/** With a window in which a meter was missing, and what that window keeps back. */
export function extended(silence: Silence, tariff: Tariff, owed: bigint): Silence {
  const { windows } = silence;
  return { ...worsened(silence, tariff), windows: windows + 1, owed: fitting(silence.owed + owed) };
}

/** Its energy costs what it would at these prices, where that is more. */
export function worsened(silence: Silence, { short, long }: Tariff): Silence {
  if (silence.windows === 0) return { ...silence, dearest: short, lowest: long };
  const { dearest, lowest } = silence;
  return { ...silence, dearest: larger(dearest, short), lowest: smaller(lowest, long) };
}

/**
 * As it goes on in the pages of another supplier. Nobody can tell how much of what comes to light flowed before: the new one pays
 * nothing for it.
 */
export function withAnotherSupplier(silence: Silence): Silence {
  return { ...silence, lowest: smaller(silence.lowest, 0n), owed: 0n };
}

/** What energy costs that flowed unseen: all import at the dearest short price, all export at the lowest long price. */
export function unseenCost(
  { dearest, lowest }: Pick<Silence, "dearest" | "lowest">,
  drawn: bigint,
  fedIn: bigint,
): bigint {
  // The lowest number has no opposite.
  return larger(smaller(drawn * dearest - fedIn * lowest, MOST), -MOST);
}

/** The same of energy of which only the most is known that it can have been: it never pays. */
export function unseenCostAtMost({ dearest, lowest }: Silence, drawn: bigint, fedIn: bigint) {
  return unseenCost({ dearest: larger(dearest, 0n), lowest: smaller(lowest, 0n) }, drawn, fedIn);
}

export const sameSilence = (one: Silence, other: Silence) =>
  one.windows === other.windows &&
  one.dearest === other.dearest &&
  one.lowest === other.lowest &&
  one.owed === other.owed;
