// Amounts as people write them: kWh and tokens, in decimals. All of it is exact: what has more decimals than there are is
// refused, and nothing goes through a floating-point number.

import {
  atoms,
  formatDecimal,
  MILLI_ATOM_DECIMALS,
  parseDecimal,
  price,
  UnitError,
  wh,
  whSum,
  type Atoms,
  type MilliAtoms,
  type NetMilliAtoms,
  type Price,
  type Wh,
  type WhSum,
} from "./units.js";

/** Decimals of a kWh that is counted in Wh. */
export const KWH_DECIMALS = 3;

/** What a market's money is in. */
export type TokenDecimals = Readonly<{ decimals: number }>;

/** "1.5" kWh are 1,500 Wh: the energy of one order or interval. Throws a UnitError. */
export function kWh(text: string): Wh {
  return wh(Number(parseDecimal(text, KWH_DECIMALS)));
}

/** The same of a register or a sum, 64 bits. */
export function kWhSum(text: string): WhSum {
  return whSum(parseDecimal(text, KWH_DECIMALS));
}

export function formatKwh(energy: Wh | WhSum): string {
  return formatDecimal(BigInt(energy), KWH_DECIMALS);
}

/** "25.5" tokens as atoms. Throws a UnitError for more decimals than the token has. */
export function tokens({ decimals }: TokenDecimals, text: string): Atoms {
  return atoms(parseDecimal(text, decimals));
}

/** "0.21" tokens per kWh as atoms per kWh, with "-" in front below zero. Throws a UnitError as {@link tokens}. */
export function tokensPerKwh({ decimals }: TokenDecimals, text: string): Price {
  const trimmed = text.trim();
  const isNegative = trimmed.startsWith("-");
  const size = parseDecimal(isNegative ? trimmed.slice(1) : trimmed, decimals);
  if (size > BigInt(Number.MAX_SAFE_INTEGER))
    throw new UnitError(`a price of ${text} is too large`);
  // Not −0, which is another number for some.
  return price(isNegative && size > 0n ? -Number(size) : Number(size));
}

export function formatPrice({ decimals }: TokenDecimals, value: Price): string {
  return formatDecimal(BigInt(value), decimals);
}

export function formatAtoms({ decimals }: TokenDecimals, amount: Atoms): string {
  return formatDecimal(amount, decimals);
}

/** Money as the market's accounts have it. */
export function formatMoney(
  { decimals }: TokenDecimals,
  amount: MilliAtoms | NetMilliAtoms,
): string {
  return formatDecimal(amount, decimals + MILLI_ATOM_DECIMALS);
}
