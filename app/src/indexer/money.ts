// Money as the indexer tells it: its text is exact, whatever a reader of JSON makes of large numbers.

import { MILLI_ATOM_DECIMALS } from "@joulebook/client";

import type { Schemas } from "./client";

/** Milli-atoms of a token with so many decimals; below zero if the text is. */
export function milliAtomsOf(
  { tokens }: Pick<Schemas["Money"], "tokens">,
  decimals: number,
): bigint {
  const isNegative = tokens.startsWith("-");
  const [whole = "0", fraction = ""] = tokens.replace("-", "").split(".");
  const amount = BigInt(whole + fraction.padEnd(decimals + MILLI_ATOM_DECIMALS, "0"));
  return isNegative ? -amount : amount;
}
