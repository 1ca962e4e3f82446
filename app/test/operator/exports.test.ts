import { strFromU8, strToU8, unzipSync } from "fflate";
import { readXlsx } from "hucre/xlsx";
import { describe, expect, test } from "vitest";

import type { Schemas } from "../../src/indexer/client";
import { billArchive, BILL_FORMS, fileName, monthlyBills } from "../../src/operator/exports/bills";
import { csv } from "../../src/operator/exports/csv";
import { sharingMatrix } from "../../src/operator/exports/sharing";
import { made, type ExportContext } from "../../src/operator/exports/use-export";

const DECIMALS = 6;
const MONTH = "2026-11";
const money = (tokens: string): Schemas["Money"] => ({ tokens, milli_atoms: 0 });
const bill = (seat: number, change: Partial<Schemas["BillItem"]> = {}): Schemas["BillItem"] => ({
  ...{ seat, household: `Wallet${seat}AAAA`, bought: money("1.000000001"), sold: money("-0.5") },
  ...{ bought_wh: 10, sold_wh: 5, import_wh: 2_000, export_wh: 600, grid_fee: money("0.1") },
  ...{ market_fee: money("0"), imbalance_short: money("0"), imbalance_long: money("0") },
  ...{ unheard: money("0"), after_silence: money("0"), pages_unknown: 0, unseen_import_wh: 0 },
  ...{ unseen_export_wh: 0, total: money("0.600000001"), windows: 3, windows_provisional: 1 },
  ...{ windows_unheard: 0, windows_unsettled: 0, earlier_months: money("0") },
  ...change,
});
const empty = bill(9, { windows: 0, total: money("0"), household: null });
const position = (change: Partial<Schemas["PositionItem"]>): Schemas["PositionItem"] => ({
  ...{ start: 900, seat: 1, bought_wh: 1_000, sold_wh: 0, import_wh: 1_500, export_wh: 0 },
  ...{ earns: money("0"), locked: money("0"), paid: money("0.15"), meters: 1, meters_missing: 0 },
  ...{ is_certain: true, is_confirmed: true, is_final: false },
  ...change,
});

describe("bills", () => {
  test("given bills of a month when they are archived then a file of each household with one, and a line in the summary", async () => {
    const bills = monthlyBills([bill(2), bill(3), empty], MONTH, true, DECIMALS);
    const files = unzipSync(await billArchive(bills));
    expect(Object.keys(files)).toEqual([
      "summary.csv",
      "2026-11-household-0002-Wallet2A.csv",
      "2026-11-household-0003-Wallet3A.csv",
    ]);
    const rows = strFromU8(files["summary.csv"]!).trim().split("\r\n");
    expect(rows[1]).toBe(
      "2,Wallet2AAAA,2000,600,1.000000001,-0.5,0.1,0,0,0,0,0,0.600000001,3,1,0,0,yes",
    );
    expect(strFromU8(files["2026-11-household-0003-Wallet3A.csv"]!)).toContain(
      "total,,0.600000001",
    );
  });

  test("given another form of a bill when they are archived then each household has one of it too", async () => {
    const bills = monthlyBills([bill(2)], MONTH, true, DECIMALS);
    const pdf = { extension: "pdf", write: async () => strToU8("%PDF") };
    const files = unzipSync(await billArchive(bills, [...BILL_FORMS, pdf]));
    expect(Object.keys(files)).toContain(`${fileName(bills[0]!)}.pdf`);
  });
});

test("given texts that a spreadsheet would run or break on when written as CSV then they stay texts", () => {
  expect(csv([["=1+1", 'say "no"', "a,b", "-1.5", "-x", -2]])).toBe(
    `'=1+1,"say ""no""","a,b",-1.5,'-x,-2\r\n`,
  );
});

describe("the sharing matrix", () => {
  const households = [
    {
      ...{ seat: 1, household: "One" },
      positions: [position({}), position({ start: 1_800, meters_missing: 1 })],
    },
    {
      ...{ seat: 2, household: null },
      positions: [position({ bought_wh: 0, sold_wh: 1_000, import_wh: 0, export_wh: 800 })],
    },
  ];

  test("given positions when what was drawn is written then what came from neighbours, and nothing where a meter is silent", () => {
    expect(sharingMatrix(households, "drawn", 900).trim().split("\r\n")).toEqual([
      "start_utc,end_utc,One,seat 2",
      "1970-01-01T00:15:00Z,1970-01-01T00:30:00Z,1000,0",
      "1970-01-01T00:30:00Z,1970-01-01T00:45:00Z,,",
    ]);
  });

  test("given positions when what was fed in is written then no more than what really flowed", () => {
    expect(sharingMatrix(households, "fedIn", 900).trim().split("\r\n")[1]).toBe(
      "1970-01-01T00:15:00Z,1970-01-01T00:30:00Z,0,800",
    );
  });
});

describe("what is saved", () => {
  const context = (bills: Schemas["BillItem"][]): ExportContext => ({
    ...{ month: MONTH, timeZone: "UTC", decimals: DECIMALS, windowSeconds: 900 },
    indexer: {
      bills: async () => bills,
      billed: async () => ({ since: 0, until: 10_000, isComplete: true }),
      windows: async () => [
        {
          ...{ start: 900, phase: "allocated", is_certain: true, orders: 2, volume_wh: 1_500 },
          ...{ price: { atoms_per_kwh: 214_500, tokens_per_kwh: "" }, grid_fee: null },
          ...{ market_fee: null, retail_price: { atoms_per_kwh: 300_000, tokens_per_kwh: "" } },
          feed_in_tariff: { atoms_per_kwh: 80_000, tokens_per_kwh: "" },
        },
      ],
      movements: async () =>
        [5_000, 20_000].map((time) => ({
          ...{ amount: money("25"), debt_paid: money("0"), kind: "deposited", number: 1, time },
          ...{ seat: 2, signature: "sig", to_seat: null, window: null },
        })),
      positions: async () => [position({})],
    },
    texts: {
      sheets: { bills: "Bills", windows: "Windows", payments: "Payments" },
      columns: { seat: "Household", total: "Total" },
      lines: {
        ...{ bought: "Bought", sold: "Sold", gridFee: "Grid fee", marketFee: "Market fee" },
        ...{ short: "Short", long: "Long", unheard: "Unheard", afterSilence: "After silence" },
      },
    },
  });

  test("given a month when the workbook is made and read back then bills, windows and the month's payments", async () => {
    const file = await made("workbook", context([bill(2), bill(3)]));
    expect(file!.name).toBe("joulebook-accounting-2026-11.xlsx");
    const { sheets } = await readXlsx(file!.content as Uint8Array);
    const [bills, windows, payments] = sheets.map(({ rows }) => rows);
    expect(bills![0]!.slice(0, 1)).toEqual(["Household"]);
    expect(bills![0]).toContain("Grid fee");
    expect(bills![1]!.slice(0, 5)).toEqual([2, "Wallet2AAAA", 2, 0.6, 1.000000001]);
    expect(bills!.length).toBe(3);
    expect(windows![1]!.slice(1, 4)).toEqual([1.5, 0.2145, null]);
    expect(new Date(windows![1]![0] as Date).toISOString()).toBe("1970-01-01T00:15:00.000Z");
    // The second is of another month.
    expect(payments!.length).toBe(2);
    expect(payments![1]!.slice(1)).toEqual(["deposited", 2, 25, "sig"]);
  });

  test("given a month without a bill when a file is asked for then there is none", async () => {
    for (const name of ["bills", "workbook", "drawn", "fedIn"] as const)
      expect(await made(name, context([empty]))).toBeUndefined();
  });

  test("given a month when a matrix is made then of all households with a bill", async () => {
    const file = await made("drawn", context([bill(2), bill(3), empty]));
    expect(file!.name).toBe("joulebook-sharing-drawn-2026-11.csv");
    expect(String(file!.content).split("\r\n")[0]).toBe(
      "start_utc,end_utc,Wallet2AAAA,Wallet3AAAA",
    );
  });
});
