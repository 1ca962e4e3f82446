import { describe, expect, test } from "vitest";

import {
  drawnIn,
  mixOf,
  shareOut,
  sourceName,
  stepOf,
  sumOfSteps,
} from "../src/household/origin/origin";
import { originCsv } from "../src/household/origin/origin-csv";
import type { Schemas } from "../src/indexer/client";

const money = (tokens: string): Schemas["Money"] => ({ tokens, milli_atoms: 0 });
const position: Schemas["PositionItem"] = {
  ...{ start: 900, seat: 1, bought_wh: 1_000, sold_wh: 0, import_wh: 1_700, export_wh: 200 },
  ...{ earns: money("0"), locked: money("0"), paid: money("0"), meters: 1, meters_missing: 0 },
  ...{ is_certain: true, is_confirmed: true, is_final: true },
};

describe("energy that is shared out", () => {
  test("given three equal sources when 100 Wh are shared out then whole Wh that add up", () => {
    expect(shareOut(100, { sun: 1, wind: 1, water: 1 })).toEqual({ sun: 34, wind: 33, water: 33 });
  });

  test("given a source that fed in almost nothing when little is shared out then the largest remainder has it", () => {
    expect(shareOut(1, { sun: 1, wind: 999 })).toEqual({ wind: 1 });
  });

  test("given nobody who tells of energy fed in when shared out then it is not known", () => {
    expect(shareOut(50, {})).toEqual({ none: 50 });
    expect(shareOut(50, { sun: 0 })).toEqual({ none: 50 });
    expect(shareOut(0, {})).toEqual({});
  });

  test("given a source without a text when named then another one, and twice the same adds up", () => {
    expect(sourceName("tides")).toBe("other");
    expect(
      mixOf([
        { source: "tides", export_wh: 5 },
        { source: "other", export_wh: 7 },
        { source: "sun", export_wh: 3 },
      ]),
    ).toEqual({ other: 12, sun: 3 });
  });
});

describe("an energy label", () => {
  const step = stepOf(position, 900, { sun: 3_000, storage: 1_000 });

  test("given a window when drawn 1.5 kWh net with 1 kWh bought then a quarter of that is the batteries', half a kWh the supplier's", () => {
    expect(step).toEqual({
      ...{ start: 900, end: 1_800, own: 200, supplier: 500 },
      neighbours: { sun: 750, storage: 250 },
    });
    expect(drawnIn(step)).toBe(1_700);
  });

  test("given two windows when added then one step over both", () => {
    expect(sumOfSteps([step, step], [0, 86_400])).toEqual({
      ...{ start: 0, end: 86_400, own: 400, supplier: 1_000 },
      neighbours: { sun: 1_500, storage: 500 },
    });
  });

  test("given a label when written as CSV then a line for each thing it came from", () => {
    const csv = originCsv({ steps: [step], basis: "window", isFinal: true });
    expect(csv.split("\r\n")).toEqual([
      "start,end,from,source,mix_known_by,energy_wh",
      "1970-01-01T00:15:00Z,1970-01-01T00:30:00Z,neighbours,sun,window,750",
      "1970-01-01T00:15:00Z,1970-01-01T00:30:00Z,neighbours,storage,window,250",
      "1970-01-01T00:15:00Z,1970-01-01T00:30:00Z,own,,window,200",
      "1970-01-01T00:15:00Z,1970-01-01T00:30:00Z,supplier,,window,500",
      "",
    ]);
  });
});
