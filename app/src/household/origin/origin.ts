// Where a household's energy came from, step by step: neighbours, by what fed them; itself; the supplier.

import type { Schemas } from "../../indexer/client";
import { SOURCES } from "../../market/Sources";
import { flowsOf } from "../../bill/account";

export type SourceName = (typeof SOURCES)[number];
/** Wh by source. */
export type Mix = Readonly<Partial<Record<SourceName, number>>>;

/** A window, a day or a month. Energy in Wh. */
export type OriginStep = Readonly<{
  /** Unix seconds. */
  start: number;
  end: number;
  /** Of what neighbours fed in, what came to this household. */
  neighbours: Mix;
  own: number;
  supplier: number;
}>;

export type Origin = Readonly<{
  steps: readonly OriginStep[];
  /** What neighbours fed in is known window by window, or as the mix of a whole month. */
  basis: "window" | "month";
  /** No value of it changes any more, and none is missing. */
  isFinal: boolean;
}>;

export function sourceName(source: string): SourceName {
  return SOURCES.find((known) => known === source) ?? "other";
}

export function sumOfMix(mix: Mix): number {
  return Object.values(mix).reduce((sum, energy) => sum + energy, 0);
}

export function addMix(one: Mix, other: Mix): Mix {
  const sum: Partial<Record<SourceName, number>> = { ...one };
  for (const name of SOURCES)
    if (other[name] !== undefined) sum[name] = (sum[name] ?? 0) + other[name];
  return sum;
}

/** What was fed in, by source; another word for an unknown one. */
export function mixOf(fedIn: readonly Schemas["EnergySourceItem"][]): Mix {
  return fedIn.reduce<Mix>(
    (sum, { source, export_wh }) => addMix(sum, { [sourceName(source)]: export_wh }),
    {},
  );
}

/**
 * So many Wh in the proportions of a mix: whole Wh that add up, the largest remainders rounded up. Where nothing is known of the mix,
 * nothing is known of it.
 */
export function shareOut(energy: number, mix: Mix): Mix {
  if (energy === 0) return {};
  const sum = sumOfMix(mix);
  if (sum === 0) return { none: energy };
  const parts = SOURCES.filter((name) => (mix[name] ?? 0) > 0).map((name) => {
    const exact = (energy * mix[name]!) / sum;
    return { name, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = energy - parts.reduce((all, { whole }) => all + whole, 0);
  const shared: Partial<Record<SourceName, number>> = {};
  for (const { name, whole } of parts.sort((one, other) => other.rest - one.rest)) {
    const extra = left > 0 ? 1 : 0;
    left -= extra;
    if (whole + extra > 0) shared[name] = whole + extra;
  }
  return shared;
}

/** Of a window; `fedIn` is what the other households fed in, in it or in its month. */
export function stepOf(position: Schemas["PositionItem"], seconds: number, fedIn: Mix): OriginStep {
  const { own, fromNeighbours, fromSupplier } = flowsOf(position);
  return {
    ...{ start: position.start, end: position.start + seconds },
    ...{ neighbours: shareOut(fromNeighbours, fedIn), own, supplier: fromSupplier },
  };
}

/** Several steps as one, from `start` to `end`. */
export function sumOfSteps(
  steps: readonly OriginStep[],
  [start, end]: readonly [number, number],
): OriginStep {
  return steps.reduce(
    (sum, { neighbours, own, supplier }) => ({
      ...sum,
      neighbours: addMix(sum.neighbours, neighbours),
      own: sum.own + own,
      supplier: sum.supplier + supplier,
    }),
    { start, end, neighbours: {}, own: 0, supplier: 0 },
  );
}

export function drawnIn({ neighbours, own, supplier }: OriginStep): number {
  return sumOfMix(neighbours) + own + supplier;
}
