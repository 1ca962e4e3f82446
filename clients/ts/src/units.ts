// Units of the market, as in crates/units: energy times price is money, and mixing them up does not
// compile. Wh × atoms/kWh is milli-atoms exactly, so nothing is ever rounded inside the ledger.
// Times are plain bigints: unix seconds, as the Clock sysvar counts them.

declare const unit: unique symbol;
/** A number of one unit, which no number of another one is. */
export type Branded<Base, Unit extends string> = Base & { readonly [unit]: Unit };

/** Energy of one order or one metering interval, watt-hours, 32 bits. */
export type Wh = Branded<number, "Wh">;
/** A sum of energies or a meter's register, watt-hours, 64 bits. */
export type WhSum = Branded<bigint, "WhSum">;
/** Power, watts, 32 bits. */
export type Watts = Branded<number, "Watts">;
/** Quote atoms per kWh, 32 bits and a sign. With a token of 6 decimals, 0.25 tokens per kWh is 250,000. */
export type Price = Branded<number, "Price">;
/** Index into a book's price grid, 16 bits. */
export type Tick = Branded<number, "Tick">;
/** Whole atoms of the quote token, as the SPL token counts them. */
export type Atoms = Branded<bigint, "Atoms">;
/** Money inside the ledger: thousandths of an atom. */
export type MilliAtoms = Branded<bigint, "MilliAtoms">;
/** The same with a sign: what is paid, or, below zero, received. */
export type NetMilliAtoms = Branded<bigint, "NetMilliAtoms">;

export const MILLI_ATOMS_PER_ATOM = 1000n;
/** Decimals that milli-atoms have beyond those of the token. */
export const MILLI_ATOM_DECIMALS = 3;

/** A number that is not one of its unit: not whole, or out of its bounds. */
export class UnitError extends RangeError {
  override readonly name = "UnitError";
}

const U16_MAX = 0xffff;
const U32_MAX = 0xffff_ffff;
const I32_MIN = -0x8000_0000;
const I32_MAX = 0x7fff_ffff;
const U64_MAX = 0xffff_ffff_ffff_ffffn;
const I64_MIN = -0x8000_0000_0000_0000n;
const I64_MAX = 0x7fff_ffff_ffff_ffffn;

function small(value: number, min: number, max: number, what: string): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UnitError(`${what} must be a whole number from ${min} to ${max}, not ${value}`);
}

function large(value: bigint | number, min: bigint, max: bigint, what: string): bigint {
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new UnitError(
      `${what} must be a whole number; ${value} is none, or too large to be exact`,
    );
  }
  const whole = BigInt(value);
  if (whole >= min && whole <= max) return whole;
  throw new UnitError(`${what} must be from ${min} to ${max}, not ${value}`);
}

// Each of these throws a UnitError for a number out of its bounds.
export const wh = (value: number) => small(value, 0, U32_MAX, "energy (Wh)") as Wh;
export const watts = (value: number) => small(value, 0, U32_MAX, "power (W)") as Watts;
export const price = (value: number) =>
  small(value, I32_MIN, I32_MAX, "a price (atoms per kWh)") as Price;
export const tick = (value: number) => small(value, 0, U16_MAX, "a tick") as Tick;
export const whSum = (value: bigint | number) => large(value, 0n, U64_MAX, "energy (Wh)") as WhSum;
export const atoms = (value: bigint | number) =>
  large(value, 0n, U64_MAX, "money (atoms)") as Atoms;
export const milliAtoms = (value: bigint | number) =>
  large(value, 0n, U64_MAX, "money (milli-atoms)") as MilliAtoms;
export const netMilliAtoms = (value: bigint | number) =>
  large(value, I64_MIN, I64_MAX, "money (milli-atoms)") as NetMilliAtoms;

/** Throws a UnitError if the amount does not fit 64 bits. */
export function toMilliAtoms(amount: Atoms): MilliAtoms {
  return milliAtoms(amount * MILLI_ATOMS_PER_ATOM);
}

/** Whole atoms, the rest left behind: what can be withdrawn of an amount. */
export function wholeAtoms(amount: MilliAtoms): Atoms {
  return (amount / MILLI_ATOMS_PER_ATOM) as Atoms;
}

/** What this energy is worth at a price, exactly. Throws a UnitError if it does not fit 64 bits. */
export function energyValue(energy: Wh | WhSum, at: Price): NetMilliAtoms {
  return netMilliAtoms(BigInt(energy) * BigInt(at));
}

/** The middle of two prices, rounded down: how the market picks one from the clearing interval. */
export function middlePrice(low: Price, high: Price): Price {
  return Math.floor((low + high) / 2) as Price;
}

/** The prices a window trades at: floor + tick × tickSize. A book's header is one. */
export type PriceGrid = Readonly<{ floorPrice: number; tickSize: number; ticks: number }>;

/** Undefined for a tick off the grid. */
export function priceAt(grid: PriceGrid, at: Tick): Price | undefined {
  return at < grid.ticks ? price(grid.floorPrice + at * grid.tickSize) : undefined;
}

/** The highest tick that is not above a price, as for a buyer's limit; undefined if all are above. */
export function tickAtOrBelow(grid: PriceGrid, limit: Price): Tick | undefined {
  const steps = Math.floor((limit - grid.floorPrice) / grid.tickSize);
  return steps < 0 ? undefined : tick(Math.min(steps, grid.ticks - 1));
}

/** The lowest tick that is not below a price, as for a seller's ask; undefined if all are below. */
export function tickAtOrAbove(grid: PriceGrid, ask: Price): Tick | undefined {
  const steps = Math.max(Math.ceil((ask - grid.floorPrice) / grid.tickSize), 0);
  return steps < grid.ticks ? tick(steps) : undefined;
}

/**
 * A decimal number as a whole number of its smallest units: "0.25" with 6 decimals is 250000n.
 * Throws a UnitError for anything but digits, with more decimals than there are.
 */
export function parseDecimal(text: string, decimals: number): bigint {
  const [, whole, fraction = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  if (whole === undefined || fraction.length > decimals) {
    throw new UnitError(`"${text}" is not a number with at most ${decimals} decimals`);
  }
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/** The other way round: 250000n with 6 decimals is "0.25". */
export function formatDecimal(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const split = digits.length - decimals;
  const fraction = digits.slice(split).replace(/0+$/, "");
  const sign = units < 0n ? "-" : "";
  return `${sign}${digits.slice(0, split)}${fraction === "" ? "" : `.${fraction}`}`;
}
