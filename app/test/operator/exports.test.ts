import { strFromU8, strToU8, unzipSync } from "fflate";
import { readXlsx } from "hucre/xlsx";
import i18next from "i18next";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { describe, expect, test, vi } from "vitest";

import { Formats } from "../../src/format/formats";
import type { Schemas } from "../../src/indexer/client";
import { billArchive, monthlyBills, type Printing } from "../../src/operator/exports/bills";
import { csv } from "../../src/operator/exports/csv";
import { sharingMatrix } from "../../src/operator/exports/sharing";
import { made, type ExportContext } from "../../src/operator/exports/use-export";

// The reader of PDF is large, and takes its time where many tests run.
vi.setConfig({ testTimeout: 30_000 });

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

const printing: Printing = {
  words: {
    t: i18next.t,
    formats: new Formats({ locale: "en-GB", timeZone: "UTC", currency: "EUR", decimals: DECIMALS }),
  },
  ...{ market: "MarketAddress", community: "Sonnenhof", madeAt: 1_795_000_000, isOver: true },
};

/** The texts of a PDF's first page, and how many pages it has. */
async function readPdf(pdf: Uint8Array): Promise<{ pages: number; texts: string[] }> {
  const document = await getDocument({ data: pdf, useSystemFonts: true, verbosity: 0 }).promise;
  const { items } = await (await document.getPage(1)).getTextContent();
  const pages = document.numPages;
  await document.destroy();
  const texts = items.flatMap((item) => ("str" in item ? [item.str] : []));
  return { pages, texts: texts.filter((text) => text.trim() !== "") };
}

describe("bills", () => {
  test("given bills of a month when they are archived then a table and a PDF of each household with one, and a line in the summary", async () => {
    const bills = monthlyBills([bill(2), bill(3), empty], MONTH, true, DECIMALS);
    const files = unzipSync(await billArchive(bills, printing));
    expect(Object.keys(files)).toEqual([
      "summary.csv",
      "2026-11-household-0002-Wallet2A.csv",
      "2026-11-household-0002-Wallet2A.pdf",
      "2026-11-household-0003-Wallet3A.csv",
      "2026-11-household-0003-Wallet3A.pdf",
    ]);
    const rows = strFromU8(files["summary.csv"]!).trim().split("\r\n");
    expect(rows[1]).toBe(
      "2,Wallet2AAAA,2000,600,1.000000001,-0.5,0.1,0,0,0,0,0,0.600000001,3,1,0,0,yes",
    );
    expect(strFromU8(files["2026-11-household-0003-Wallet3A.csv"]!)).toContain(
      "total,,0.600000001",
    );
  });

  test("given an archive when a PDF of it is read back then the household's bill, on one page", async () => {
    const bills = monthlyBills([bill(2), bill(3)], MONTH, true, DECIMALS);
    const files = unzipSync(await billArchive(bills, printing));
    const { pages, texts } = await readPdf(files["2026-11-household-0003-Wallet3A.pdf"]!);
    expect(pages).toBe(1);
    expect(texts.slice(0, 3)).toEqual(["Joulebook", "Bill", "November 2026"]);
    expect(texts).toContain("Wallet3AAAA");
    expect(texts).toContain("Sonnenhof");
    const after = (text: string) => texts.slice(texts.indexOf(text) + 1, texts.indexOf(text) + 3);
    expect(after("Bought from neighbours")).toEqual(["0.01 kWh", "€1.00"]);
    expect(after("To pay")[0]).toBe("€0.60");
  });

  test("given a month that is not over, and a seat that nobody has opened, when its PDF is read back then a preview of nobody's", async () => {
    const bills = monthlyBills([bill(2, { household: null })], MONTH, true, DECIMALS);
    const files = unzipSync(await billArchive(bills, { ...printing, isOver: false }));
    const { texts } = await readPdf(files["2026-11-household-0002-unopened.pdf"]!);
    expect(texts).toContain("Preview of your bill");
    expect(texts).toContain("–");
  });

  test("given a hundred households when they are archived then one after the other, and the page answers in between", async () => {
    const items = Array.from({ length: 100 }, (_, seat) => bill(seat));
    const bills = monthlyBills(items, MONTH, true, DECIMALS);
    let [writing, most, clicks] = [0, 0, 0];
    const slow = {
      extension: "slow",
      write: async () => {
        most = Math.max(most, ++writing);
        await Promise.resolve();
        writing--;
        return strToU8("slow");
      },
    };
    const clicking = setInterval(() => clicks++, 0);
    const told: number[] = [];
    await billArchive(bills, printing, { forms: [slow], onDone: (done) => told.push(done) });
    clearInterval(clicking);
    expect(most).toBe(1);
    expect(told).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    // Timers of a browser and of a test alike take turns.
    expect(clicks).toBeGreaterThan(20);
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

// Of the last day of the month before.
const correction = { start: -900, paid: money("-0.25"), seen_at: 0 };

describe("what is saved", () => {
  const context = (bills: Schemas["BillItem"][]): ExportContext => ({
    ...{ month: MONTH, timeZone: "UTC", decimals: DECIMALS, windowSeconds: 900, printing },
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
      correctionsOfEarlier: async () => [correction],
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

  test("given a month when its bills are made then it is told how many are, and each has what its windows tell", async () => {
    const told: object[] = [];
    // What the window's position comes to: 1 kWh for 21.45 ct, and half a kWh of the supplier's for 15 ct.
    const settled = {
      ...{ bought: money("0.2145"), bought_wh: 1_000, sold: money("0"), sold_wh: 0 },
      ...{ grid_fee: money("0"), imbalance_short: money("0.15"), total: money("0.3645") },
      ...{ windows: 1 },
    };
    const file = await made("bills", context([bill(1, settled), bill(3)]), (made) =>
      told.push(made),
    );
    expect(file!.name).toBe("joulebook-bills-2026-11.zip");
    expect(told).toEqual([0, 1, 2].map((done) => ({ done, of: 2 })));
    const files = unzipSync(file!.content as Uint8Array);
    const { texts } = await readPdf(files["2026-11-household-0001-Wallet1A.pdf"]!);
    expect(texts.join(" ")).toContain("With the supplier alone it would be €0.45");
    // What was corrected of a day before, in the table and on paper.
    expect(texts).toContain("-€0.25");
    expect(strFromU8(files["2026-11-household-0001-Wallet1A.csv"]!)).toContain(
      "corrected 1969-12-31,,-0.25",
    );
    // Where windows do not come to the bill's sum, it stays as it is.
    const other = await readPdf(files["2026-11-household-0003-Wallet3A.pdf"]!);
    expect(other.texts.join(" ")).not.toContain("With the supplier alone");
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
