// Numbers as people type them.

import { formatDecimal, parseDecimal, price, UnitError, type Price } from "@joulebook/client";

/** "1,5" as "1.5", where the reader's language has a comma; what else is no number is refused by whoever reads it. */
export function decimalText(text: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  const decimal = parts.find(({ type }) => type === "decimal")?.value ?? ".";
  const trimmed = text.trim();
  // A point is a point everywhere, unless the comma is there as well.
  return decimal === "," ? trimmed.replace(",", ".") : trimmed;
}

/** A whole number of smallest units as it is typed: every digit, and the language's decimal mark. */
export function entryText(units: number | bigint, decimals: number, locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  const mark = parts.find(({ type }) => type === "decimal")?.value ?? ".";
  return formatDecimal(BigInt(units), decimals).replace(".", mark);
}

export const KWH_DECIMALS = 3;
export const CENT_DECIMALS = 2;

/** Cents per kWh as atoms per kWh. Throws a UnitError. */
export function priceOfCents(text: string, decimals: number): Price {
  const isNegative = text.startsWith("-");
  const size = Number(parseDecimal(isNegative ? text.slice(1) : text, decimals - CENT_DECIMALS));
  return price(isNegative && size > 0 ? -size : size);
}

/** What is typed, or undefined for what is no number. */
export function entered<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnitError) return undefined;
    throw error;
  }
}
