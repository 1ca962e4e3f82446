// What a household's meter values of a window are worth.

import type { Schemas } from "../../indexer/client";

/**
 * `measured`: signed by the meters. `substitute`: a verifier has set one in its place. `sum`: only the sum over several windows is
 * known so far. `missing`: not there yet. `estimated`: it never came, and the window is settled by the rules for silence.
 */
export const QUALITIES = ["measured", "substitute", "sum", "missing", "estimated"] as const;
export type Quality = (typeof QUALITIES)[number];

/** `told` is what the oracle says of its meters' values in this window; without that, what the position says. */
export function qualityOf(
  position: Pick<Schemas["PositionItem"], "meters" | "meters_missing" | "is_final">,
  told: readonly string[] = [],
): Quality | undefined {
  const { meters, meters_missing, is_final } = position;
  if (meters === 0) return undefined;
  if (meters_missing > 0) {
    if (is_final) return "estimated";
    return told.includes("gap") ? "sum" : "missing";
  }
  return told.includes("replaced") ? "substitute" : "measured";
}

/** How many windows have values of each kind, those that there are. */
export function countQualities(
  qualities: readonly (Quality | undefined)[],
): readonly (readonly [Quality, number])[] {
  return QUALITIES.map((name) => [name, qualities.filter((each) => each === name).length] as const)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => [name, count]);
}
