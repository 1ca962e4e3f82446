// Where energy came from, as a table for other programs: a line for each step and each thing it came from.

import type { Origin, OriginStep } from "./origin";

const NEW_LINE = "\r\n";

/** Times are UTC; energy in Wh. */
export function originCsv({ steps, basis }: Origin): string {
  const rows = steps.flatMap((step) =>
    partsOf(step).map(([from, source, energy]) =>
      [timeOf(step.start), timeOf(step.end), from, source, basis, energy].join(","),
    ),
  );
  return ["start,end,from,source,mix_known_by,energy_wh", ...rows, ""].join(NEW_LINE);
}

function partsOf({ neighbours, own, supplier }: OriginStep): [string, string, number][] {
  const parts: [string, string, number][] = [
    ...Object.entries(neighbours).map(([source, energy]): [string, string, number] => [
      "neighbours",
      source,
      energy,
    ]),
    ["own", "", own],
    ["supplier", "", supplier],
  ];
  return parts.filter(([, , energy]) => energy > 0);
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
