// One window that stands in accounts, worked out once more, and held against what devices have signed.

import type { Addresses } from "../addresses.js";
import { Quality } from "../generated/oracle/index.js";
import { entryOf, type IntervalEntry } from "../interval-page.js";
import { positionOf } from "../page.js";
import { deviationCost, deviationOf, windowLines } from "./bill-lines.js";
import type { PagePair } from "./chain.js";
import { seatFlow, serving } from "./page-ending.js";
import type { Evidence, ProvenEntry, ProvenWindow, UnprovenReason } from "./proof.js";
import type { SignedRegisters } from "./signed-registers.js";

/** Undefined for a window that its page has not, or the oracle's account of which is not there. */
export function provenWindow(
  addresses: Addresses,
  { page, readings }: PagePair,
  start: bigint,
  seat: number,
  signed: SignedRegisters,
): Readonly<{ window: ProvenWindow; open: readonly UnprovenReason[] }> | undefined {
  const number = addresses.windowNumber(start);
  const position = positionOf(page.data, number, seat);
  const window = page.data.windows[number];
  if (!position || !window || !readings) return undefined;
  const flow = seatFlow(readings.data, signed.meters, number);
  const meters = serving(signed.meters, readings.data.header.start);
  const entries = meters.flatMap((meter): ProvenEntry[] => {
    const entry = entryOf(readings.data, meter.number, number);
    return entry ? [provenEntry(meter.number, start, entry, signed)] : [];
  });
  const deviation = deviationOf(position, flow);
  const due = deviationCost(deviation, window);
  const isFinal = seat < page.data.header.finalSeats;
  const has = (evidence: Evidence) => entries.some((entry) => entry.evidence === evidence);
  const open: UnprovenReason[] = [
    ...(has("contradicted") ? (["contradicted"] as const) : []),
    ...(has("unsigned") ? (["unsigned"] as const) : []),
  ];
  if (flow.missing > 0) open.push(isFinal ? "noValueEver" : "noValueYet");
  // A supplier pays nothing to itself.
  else if (window.supplier !== seat && position.paid !== due) open.push("notSettled");
  return {
    window: {
      ...{ start, position, window, flow, deviation, due, entries, isFinal },
      lines: windowLines(window, position, flow),
      page: page.address,
      intervalPage: readings.address,
    },
    open,
  };
}

function provenEntry(
  meter: number,
  start: bigint,
  entry: IntervalEntry,
  signed: SignedRegisters,
): ProvenEntry {
  const { quality } = entry;
  const told = { meter, import: entry.import, export: entry.export, quality };
  if (quality === Quality.Missing || quality === Quality.Gap)
    return { ...told, evidence: "missing", from: [] };
  const isReplaced = quality === Quality.Replaced;
  const flow = isReplaced ? signed.replaced(meter, start) : signed.flow(meter, start);
  if (!flow) return { ...told, evidence: "unsigned", from: [] };
  const { from } = flow;
  const isSame = flow.import === BigInt(entry.import) && flow.export === BigInt(entry.export);
  if (!isSame) return { ...told, evidence: "contradicted", from };
  return { ...told, evidence: isReplaced ? "replaced" : "signed", from };
}
