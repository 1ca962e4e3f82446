import {
  market as programs,
  milliAtoms,
  netMilliAtoms,
  oracle,
  price,
  wh,
  type IntervalPageTable,
  type PageTable,
} from "@joulebook/client";
import { describe, expect, test } from "vitest";

import { unsettledIn } from "../src/market/settling";

const { Open, Confirmed } = programs.PositionStatus;
const { Missing, Gap, Measured, Replaced } = oracle.Quality;

/** Two windows of 900 s from 9,000 on, for three seats: the first's is the supplier's. */
const position = (change: Partial<programs.Position> = {}): programs.Position => ({
  ...{ bought: wh(0), sold: wh(0), earns: milliAtoms(0n), locked: milliAtoms(0n) },
  ...{ paid: netMilliAtoms(0n), status: Open, reserved: new Uint8Array() },
  ...change,
});
function page(
  positions: readonly Partial<programs.Position>[],
  change: Partial<programs.Page> = {},
  status = programs.WindowStatus.Allocated,
): PageTable {
  const header = {
    ...{ start: 9_000n, windowSeconds: 900, windows: 2, seats: 3, finalSeats: 0 },
    ...{ meteringGrace: 1_800, ...change },
  } as programs.Page;
  const window = { status, supplier: 0, short: price(300_000), long: price(80_000) };
  const rows = Array.from({ length: 6 }, (_, at) => position(positions[at]));
  return { header, windows: [window, window] as programs.PageWindow[], positions: rows };
}
/** One meter each for the second seat and the third, window by window: what it drew, Wh, and what that is worth. */
function readings(...meters: (readonly [energy: number, quality: oracle.Quality])[][]) {
  const entries = meters.flatMap((meter) =>
    [0, 1].map((interval) => {
      const [energy, quality] = meter[interval] ?? [0, Measured];
      return { import: energy + quality * 2 ** 30, export: 0 };
    }),
  );
  return {
    header: { start: 9_000n, intervals: 2 },
    registers: [],
    entries,
  } as unknown as IntervalPageTable;
}
const meter = (row: number, participant: number, serviceFrom = 0n) => ({
  ...{ number: row, participant, serviceFrom, serviceUntil: 2n ** 62n },
});
const METERS = [meter(0, 1), meter(1, 2)];
const found = (...of: Parameters<typeof unsettledIn>) =>
  unsettledIn(...of).map(({ end, positions }) => [Number(end), positions]);

describe("positions to settle", () => {
  test("given values of a window when nothing was paid for them then its positions are to be settled, and when", () => {
    const values = readings([[500, Measured]], [[200, Replaced]]);
    expect(unsettledIn(page([]), values, METERS)).toEqual([
      { page: 9_000n, end: 9_900n, graceUntil: 11_700n, positions: 2 },
    ]);
  });

  test("given a position that was paid and confirmed when looked at then it is settled, until a value is another", () => {
    // 500 Wh at 300,000 atoms per kWh.
    const paid = { paid: netMilliAtoms(150_000_000n), status: Confirmed };
    const settled = page([{}, paid]);
    expect(found(settled, readings([[500, Measured]]), METERS)).toEqual([]);
    expect(found(settled, readings([[400, Replaced]]), METERS)).toEqual([[9_900, 1]]);
  });

  test("given contracts that were kept when they are not confirmed then they wait", () => {
    const kept = page([{}, { bought: wh(500) }]);
    expect(found(kept, readings([[500, Measured]]), METERS)).toEqual([[9_900, 1]]);
  });

  test.each([Missing, Gap])(
    "given a meter without a value (%i) when looked at then its seat's position waits for it, and not for a keeper",
    (quality) => {
      const values = readings([[500, Measured]], [[100, quality]]);
      const both = [meter(0, 1), meter(1, 1)];
      expect(found(page([]), values, both)).toEqual([]);
    },
  );

  test("given the supplier's own deviation when it is confirmed then nobody is to be paid for it", () => {
    const values = readings([[500, Measured]]);
    expect(found(page([{ status: Confirmed }]), values, [meter(0, 0)])).toEqual([]);
  });

  test("given what can't be settled when looked at then it is left out: open windows, final seats, meters of later", () => {
    const values = readings([[500, Measured]], [[500, Measured]]);
    expect(found(page([], {}, programs.WindowStatus.Open), values, METERS)).toEqual([]);
    expect(found(page([], { finalSeats: 2 }), values, METERS)).toEqual([[9_900, 1]]);
    expect(found(page([]), values, [meter(0, 1, 9_001n)])).toEqual([]);
  });
});
