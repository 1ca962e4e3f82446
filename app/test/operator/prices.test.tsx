import { render, screen, within } from "@testing-library/react";
import { price, type PricedWindow } from "@joulebook/client";
import { describe, expect, test } from "vitest";

import { FormatsProvider } from "../../src/format/use-formats";
import { PlanTables } from "../../src/operator/prices/PlanTables";
import { PriceChart } from "../../src/operator/prices/PriceChart";
import { parsePrices, PriceFileError } from "../../src/operator/prices/price-file";
import { planPrices } from "../../src/operator/prices/price-plan";

const OPTIONS = { unit: "token", decimals: 6, step: 900 } as const;
const entry = (start: number, end: number, short: number, long: number, gridFee?: number) => ({
  ...{ line: 2, start, end, short: price(short), long: price(long) },
  gridFee: gridFee === undefined ? undefined : price(gridFee),
});

describe("a file of prices", () => {
  test("given a CSV when it is read then each row holds until the next, and the last as long as the one before", async () => {
    const text =
      "start,short,long,grid_fee\n1970-01-01T00:00:00Z,0.30,0.08,0.01\n3600,0.25,-0.01,\n";
    const { entries, rejected } = await parsePrices(text, OPTIONS);
    expect(rejected).toEqual([]);
    expect(entries).toEqual([
      entry(0, 3_600, 300_000, 80_000, 10_000),
      { ...entry(3_600, 7_200, 250_000, -10_000), line: 3 },
    ]);
    const semicolons = text.replaceAll(",", ";").replaceAll("0.", "0,");
    expect((await parsePrices(semicolons, OPTIONS)).entries).toEqual(entries);
  });

  test("given one price for both when it is read in another unit then exact", async () => {
    const read = (unit: "cent" | "mwh", text: string) =>
      parsePrices(`\uFEFFStart,Price\n0,${text}\n`, { ...OPTIONS, unit });
    expect((await read("cent", "30.125")).entries).toEqual([entry(0, 900, 301_250, 301_250)]);
    expect((await read("mwh", "-12.345")).entries).toEqual([entry(0, 900, -12_345, -12_345)]);
    expect((await read("mwh", "12.3456")).rejected[0]).toMatchObject({ line: 2, fault: "number" });
  });

  test("given rows that are wrong when they are read then each is named with its line, and the others stand", async () => {
    const text = [
      "start,end,short,long",
      "0,900,0.3,0.1",
      "yesterday,,0.3,0.1",
      "0,,0.3,0.1",
      "900,600,0.3,0.1",
      "1800,2700,a lot,0.1",
      "2700,3600,0.3,",
      "",
      "3600,4500,0.3,0.1",
    ].join("\n");
    const { entries, rejected } = await parsePrices(text, OPTIONS);
    expect(entries.map(({ line }) => line)).toEqual([2, 9]);
    expect(rejected.map(({ line, fault }) => [line, fault])).toEqual([
      [3, "time"],
      [4, "sorted"],
      [5, "end"],
      [6, "number"],
      [7, "missing"],
    ]);
  });

  test("given what is no file of prices when it is read then it says what is wrong with it", async () => {
    const fault = async (text: string) => {
      const error: unknown = await parsePrices(text, OPTIONS).catch((reason: unknown) => reason);
      return error instanceof PriceFileError ? error.fault : error;
    };
    expect(await fault("")).toBe("columns");
    expect(await fault("start,price\n")).toBe("empty");
    expect(await fault("<html>oops</html>")).toBe("columns");
    expect(await fault("start,price,colour\n0,1,red\n")).toBe("columns");
    expect(await fault(`start,price\n${"0,1\n".repeat(70_081)}`)).toBe("tooMany");
  });
});

const BOUNDS = {
  ...{ lowestPrice: price(0), highestPrice: price(500_000), highestGridFee: price(100_000) },
  ...{ noticeSeconds: 1_800, windowSeconds: 900 },
};
const window = (start: number, change: Partial<PricedWindow> = {}): PricedWindow => ({
  ...{ start: BigInt(start), short: price(300_000), long: price(80_000) },
  ...{ gridFee: price(20_000), isUnopened: true },
  ...change,
});
const kept = (windows: PricedWindow[], entries: ReturnType<typeof entry>[], now = 0) =>
  planPrices(windows, entries, now, BOUNDS).windows.map((each) => each.kept ?? "post");

describe("a plan", () => {
  test("given windows when a file says otherwise then those are posted that can still be changed", () => {
    const windows = [window(900), window(1_800), window(2_700, { isUnopened: false })];
    expect(kept(windows, [entry(0, 10_000, 310_000, 70_000)])).toEqual([
      "tooLate",
      "post",
      "tooLate",
    ]);
    expect(kept(windows, [entry(0, 10_000, 300_000, 80_000)])).toEqual(["same", "same", "same"]);
    expect(kept(windows, [entry(0, 1_800, 310_000, 70_000)])).toEqual(["tooLate"]);
  });

  test("given a grid fee when the file names none then the one that stands stays", () => {
    const [planned] = planPrices(
      ...([[window(1_800)], [entry(0, 3_600, 310_000, 70_000)], 0, BOUNDS] as const),
    ).windows;
    expect(planned!.wanted).toEqual({
      ...{ start: 1_800n, short: 310_000, long: 70_000, gridFee: 20_000 },
    });
  });

  test("given prices beyond bounds, or two within a window, when planned then the window keeps what it has", () => {
    const of = (...entries: ReturnType<typeof entry>[]) => kept([window(1_800)], entries)[0];
    expect(of(entry(0, 3_600, 600_000, 80_000))).toBe("aboveHighest");
    expect(of(entry(0, 3_600, 300_000, -1))).toBe("belowLowest");
    expect(of(entry(0, 3_600, 100_000, 200_000))).toBe("crossed");
    expect(of(entry(0, 3_600, 310_000, 80_000, 100_001))).toBe("gridFee");
    expect(of(entry(0, 2_000, 310_000, 1), entry(2_000, 3_600, 320_000, 1))).toBe("finer");
    expect(of(entry(0, 2_000, 310_000, 1), entry(2_000, 3_600, 310_000, 1))).toBe("post");
  });

  test("given a file beyond the open pages when planned then it says until when", () => {
    const plan = planPrices([window(1_800)], [entry(0, 9_000, 310_000, 1)], 0, BOUNDS);
    expect(plan.laterUntil).toBe(9_000);
    const all = planPrices([window(1_800)], [entry(0, 2_700, 310_000, 1)], 0, BOUNDS);
    expect(all.laterUntil).toBeUndefined();
  });
});

test("given a plan when it is shown then a chart, a table of windows, and one of rejected rows", () => {
  const plan = planPrices(
    ...([[window(900), window(1_800)], [entry(0, 3_600, 310_000, 70_000)], 0, BOUNDS] as const),
  );
  const rejected = [{ line: 7, fault: "number", text: "a lot" }] as const;
  render(
    <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
      <PriceChart windows={plan.windows} seconds={900} />
      <PlanTables plan={plan} rejected={rejected} />
    </FormatsProvider>,
  );
  expect(screen.getByRole("img", { name: "Prices as they are and as they would be" })).toBeTruthy();
  const cells = (name: string) =>
    within(screen.getByRole("table", { name, hidden: true }))
      .getAllByRole("row", { hidden: true })
      .slice(1)
      .map((row) => [...row.children].map(({ textContent }) => textContent));
  expect(cells("Prices by window").map(([, ...rest]) => rest)).toEqual([
    ["30.0 → 31.0", "8.0 → 7.0", "2.0", "too late: within the notice, or open"],
    ["30.0 → 31.0", "8.0 → 7.0", "2.0", "is posted"],
  ]);
  expect(cells("Rejected rows")).toEqual([["7", "is no exact number in this unit", "a lot"]]);
});
