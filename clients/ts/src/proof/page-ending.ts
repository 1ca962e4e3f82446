// How a page that stands has ended for a seat. No account and no event tells what was charged for energy that came to light after
// silence: it is worked out from the silence of the page before, and held against the seat's row.

import type { IntervalPageTable } from "../interval-page.js";
import { entryOf } from "../interval-page.js";
import { Quality } from "../generated/oracle/index.js";
import { positionOf, type PageTable } from "../page.js";
import { deviationCost, deviationOf, type SeatFlow } from "./bill-lines.js";
import {
  endingOf,
  isSilentWindow,
  leftOver,
  needsNoPast,
  worstPrices,
  type SilentWindow,
} from "./ending.js";
import type { HouseholdMeter } from "./signed-registers.js";
import { NO_SILENCE, sameSilence, type Silence } from "./silence.js";

/** The silence behind a page, and the place of its supplier in the ledger. */
export type Remembered = Readonly<{ silence: Silence; place: number }>;

export type PageEnding = Readonly<{
  /** Milli-atoms; undefined if it is not sure. */
  amount: bigint | undefined;
  /** Behind the page; undefined if that is not known. */
  behind: Remembered | undefined;
}>;

/** The household's meters that serve in the page which starts then. */
export function serving(meters: readonly HouseholdMeter[], page: bigint): HouseholdMeter[] {
  return meters.filter(
    ({ serviceFrom, serviceUntil }) => serviceFrom <= page && page < serviceUntil,
  );
}

/** What the seat's meters moved in an interval of a page. */
export function seatFlow(
  readings: IntervalPageTable,
  meters: readonly HouseholdMeter[],
  interval: number,
): SeatFlow {
  let flow = { import: 0n, export: 0n, meters: 0, missing: 0 };
  for (const { number } of serving(meters, readings.header.start)) {
    const entry = entryOf(readings, number, interval);
    const hasValue = entry?.quality === Quality.Measured || entry?.quality === Quality.Replaced;
    flow = {
      import: flow.import + (hasValue ? BigInt(entry.import) : 0n),
      export: flow.export + (hasValue ? BigInt(entry.export) : 0n),
      meters: flow.meters + 1,
      missing: flow.missing + (hasValue ? 0 : 1),
    };
  }
  return flow;
}

/**
 * `before` is what is known of the silence behind the page before, `told` what the seat's row says of this one, where it says
 * anything of it.
 */
export function pageEnding(
  page: PageTable,
  readings: IntervalPageTable,
  seat: number,
  meters: readonly HouseholdMeter[],
  before: Remembered | undefined,
  told: Silence | undefined,
): PageEnding {
  const { header, windows } = page;
  const rows = serving(meters, header.start).flatMap((meter) => {
    const registers = readings.registers[meter.row];
    return registers ? [[meter, registers] as const] : [];
  });
  const left = leftOver(rows, header);
  const silent = windows.flatMap((window, number): SilentWindow[] => {
    const flow = seatFlow(readings, meters, number);
    if (!isSilentWindow(left, number, flow.missing === 0)) return [];
    const position = positionOf(page, number, seat);
    const tariff = { short: BigInt(window.short), long: BigInt(window.long) };
    // What its position has paid, standard draw included, beyond what the energy that is known costs.
    const isKept = flow.missing > 0 && position && window.supplier !== seat;
    const owed = isKept ? position.paid - deviationCost(deviationOf(position, flow), window) : 0n;
    return [{ window: number, tariff, owed }];
  });
  const place = header.supplierPlace;
  const past = before ?? { silence: NO_SILENCE, place: 0 };
  const known = { before: past.silence, isOfAnother: past.place !== place };
  const ended = endingOf(header, left, { ...known, worst: worstPrices(windows) }, silent);
  // Behind registers that were heard, nothing of before is left.
  const isFollowed = before !== undefined || !left.goesOn || left.heardWindows !== undefined;
  const silence = told ?? (isFollowed ? ended.silence : undefined);
  // Where the seat's row says otherwise, something was not seen as it was.
  const agrees = !isFollowed || (silence !== undefined && sameSilence(silence, ended.silence));
  const isSure = agrees && (before !== undefined || needsNoPast(header, left));
  // A supplier pays nothing to itself.
  const pays = windows.at(-1)?.supplier === seat ? 0n : ended.pays;
  return {
    amount: isSure ? pays : undefined,
    behind: silence && { silence, place },
  };
}
