// Positions that settling would change, as far as all of a seat's meters have a value: the rule is that of the Rust client's `unsettled`.
// What a meter that is missing is charged after the grace depends on what went before, and is not told here.

import {
  deviationCost,
  deviationOf,
  entryOf,
  market as programs,
  oracle,
  positionOf,
  type IntervalPageTable,
  type OwnMeter,
  type PageTable,
  type SeatFlow,
} from "@joulebook/client";

/** A window with such positions. */
export type UnsettledWindow = Readonly<{
  /** Start of its page, and its own end, unix seconds. */
  page: bigint;
  end: bigint;
  /** By then, values are expected; unix seconds. */
  graceUntil: bigint;
  positions: number;
}>;

type ServingMeter = Pick<OwnMeter, "number" | "participant" | "serviceFrom" | "serviceUntil">;

/** The windows of a page that have any; `readings` is the oracle's page of the same time. */
export function unsettledIn(
  page: PageTable,
  readings: IntervalPageTable,
  meters: readonly ServingMeter[],
): UnsettledWindow[] {
  const { start, windowSeconds, meteringGrace, finalSeats, seats } = page.header;
  const serving = meters.filter(
    ({ serviceFrom, serviceUntil }) => serviceFrom <= start && start < serviceUntil,
  );
  return page.windows.flatMap((window, number) => {
    // Its contracts are not known yet.
    if (window.status === programs.WindowStatus.Open) return [];
    const flows = flowsOf(readings, serving, number);
    let positions = 0;
    for (let seat = finalSeats; seat < seats; seat++) {
      const position = positionOf(page, number, seat);
      const flow = flows.get(seat) ?? NOTHING;
      if (position && isUnsettled(position, flow, window, seat)) positions++;
    }
    const end = start + BigInt((number + 1) * windowSeconds);
    const graceUntil = end + BigInt(meteringGrace);
    return positions > 0 ? [{ page: start, end, graceUntil, positions }] : [];
  });
}

const NOTHING: SeatFlow = { import: 0n, export: 0n, meters: 0, missing: 0 };

/** By seat, which is its participant's number. */
function flowsOf(
  readings: IntervalPageTable,
  meters: readonly ServingMeter[],
  interval: number,
): ReadonlyMap<number, SeatFlow> {
  const flows = new Map<number, SeatFlow>();
  for (const { number, participant } of meters) {
    const entry = entryOf(readings, number, interval);
    const { Measured, Replaced } = oracle.Quality;
    const hasValue = entry?.quality === Measured || entry?.quality === Replaced;
    const flow = flows.get(participant) ?? NOTHING;
    flows.set(participant, {
      import: flow.import + (hasValue ? BigInt(entry.import) : 0n),
      export: flow.export + (hasValue ? BigInt(entry.export) : 0n),
      meters: flow.meters + 1,
      missing: flow.missing + (hasValue ? 0 : 1),
    });
  }
  return flows;
}

function isUnsettled(
  position: programs.Position,
  flow: SeatFlow,
  window: programs.PageWindow,
  seat: number,
): boolean {
  if (flow.missing > 0) return false;
  const { bought, sold, paid, status } = position;
  // Nothing was contracted, nothing flowed, nothing is to be paid back.
  if (bought === 0 && sold === 0 && flow.import === flow.export && paid === 0n) return false;
  if (status !== programs.PositionStatus.Confirmed) return true;
  // The supplier's own has nobody to pay its deviation to.
  return seat !== window.supplier && paid !== deviationCost(deviationOf(position, flow), window);
}
