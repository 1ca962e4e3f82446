// Who got how much of the community's energy, and who gave it: interval by interval, for the grid operator.

import { flowsOf } from "../../bill/account";
import type { Schemas } from "../../indexer/client";
import { csv } from "./csv";

/** A household's positions of a time. */
export type SharingHousehold = Readonly<{
  seat: number;
  household: string | null;
  positions: readonly Schemas["PositionItem"][];
}>;

export const SHARED = ["drawn", "fedIn"] as const;
export type Shared = (typeof SHARED)[number];

/**
 * A row for each interval, a column for each household: what its meters drew of what it bought from neighbours, or fed in of what it
 * sold to them, Wh. Empty where a meter has no value.
 */
export function sharingMatrix(
  households: readonly SharingHousehold[],
  shared: Shared,
  windowSeconds: number,
): string {
  const columns = households.map(({ seat, household, positions }) => ({
    name: household ?? `seat ${seat}`,
    byStart: new Map(positions.map((each) => [each.start, each])),
  }));
  const starts = [
    ...new Set(households.flatMap(({ positions }) => positions.map(({ start }) => start))),
  ].sort((one, other) => one - other);
  const energy = (position: Schemas["PositionItem"] | undefined) => {
    if (!position || position.meters_missing > 0) return "";
    const { fromNeighbours, toNeighbours } = flowsOf(position);
    return shared === "drawn" ? fromNeighbours : toNeighbours;
  };
  return csv([
    ["start_utc", "end_utc", ...columns.map(({ name }) => name)],
    ...starts.map((start) => [
      ...[utc(start), utc(start + windowSeconds)],
      ...columns.map(({ byStart }) => energy(byStart.get(start))),
    ]),
  ]);
}

const utc = (time: number) => new Date(time * 1000).toISOString().replace(".000", "");
