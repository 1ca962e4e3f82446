import { BILL_LINES } from "@joulebook/client";
import i18next from "i18next";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { type Account } from "../src/bill/account";
import type { Bill } from "../src/bill/bill";
import { billPdf } from "../src/bill/pdf";
import { Formats } from "../src/format/formats";
import { changeLanguage } from "../src/language";

// The reader of PDF is large, and takes its time where many tests run.
vi.setConfig({ testTimeout: 30_000 });

const EURO = 1_000_000_000n;
const amounts = [20n, -3n, 2n, 1n, 4n, -1n, 0n, 5n].map((euros) => euros * EURO + 230_000_000n);
const lines = Object.fromEntries(
  BILL_LINES.map((name, place) => [name, { energy: 1_000 * (place + 1), amount: amounts[place]! }]),
) as Account["lines"];
const total = amounts.reduce((sum, amount) => sum + amount, 0n);

const account: Account = {
  ...{ lines, total, compared: { paid: total, alone: 40n * EURO }, flows: undefined },
  ...{ imported: 12_340, exported: 5_600, windows: 2_976, provisional: 0, unheard: 0 },
  ...{ unsettled: 0, isComplete: true },
};
const bill: Bill = {
  ...{ account, period: { kind: "month", name: "2026-10" }, isOver: true },
  household: "7xKXtg2CW87d97TXJSDpbD5jBkheTqA83TZRuJosgAsU",
  ...{ seat: 3, market: "MarketAddress", community: "Sonnenhöfe Süd", madeAt: 1_795_000_000 },
};

const noAmounts = Object.fromEntries(BILL_LINES.map((name) => [name, 0n])) as Record<
  (typeof BILL_LINES)[number],
  bigint
>;
const wordsOf = (locale: string) => ({
  t: i18next.t,
  formats: new Formats({ locale, timeZone: "Europe/Vienna", currency: "EUR", decimals: 6 }),
});

/** The texts of each page, as a reader of PDF finds them. */
async function read(pdf: Uint8Array): Promise<string[][]> {
  const document = await getDocument({ data: pdf, useSystemFonts: true, verbosity: 0 }).promise;
  const numbers = Array.from({ length: document.numPages }, (_, place) => place + 1);
  const pages = await Promise.all(
    numbers.map(async (number) => (await (await document.getPage(number)).getTextContent()).items),
  );
  await document.destroy();
  return pages.map((items) => items.flatMap((item) => ("str" in item ? [item.str] : [])));
}

describe("a PDF", () => {
  test("given a bill when its PDF is read back then it has every line with its energy and amount, on one page", async () => {
    const [page, ...others] = await read(billPdf(bill, wordsOf("en-GB")));
    expect(others).toEqual([]);
    const texts = page!.filter((text) => text.trim() !== "");
    const after = (text: string) => texts.slice(texts.indexOf(text) + 1, texts.indexOf(text) + 3);
    expect(after("Bought from neighbours")).toEqual(["1.0 kWh", "€20.23"]);
    expect(after("Sold to neighbours")).toEqual(["2.0 kWh", "-€2.77"]);
    expect(after("Grid fee")).toEqual(["3.0 kWh", "€2.23"]);
    expect(after("Market fee")).toEqual(["4.0 kWh", "€1.23"]);
    expect(after("Drawn beyond that, from the supplier")).toEqual(["5.0 kWh", "€4.23"]);
    expect(after("Left over, to the supplier")).toEqual(["6.0 kWh", "-€0.77"]);
    expect(after("Windows without a meter value")).toEqual(["7.0 kWh", "€0.23"]);
    expect(after("After your meter was silent")).toEqual(["8.0 kWh", "€5.23"]);
    expect(after("To pay")[0]).toBe("€29.84");
    expect(texts.slice(0, 3)).toEqual(["Joulebook", "Bill", "October 2026"]);
    expect(texts).toContain(bill.household);
    expect(texts.join(" ")).toContain("With the supplier alone it would be €40.00");
  });

  describe("in German", () => {
    beforeAll(() => changeLanguage("de"));
    afterAll(() => changeLanguage("en"));

    test("given umlauts, and amounts with a comma, when read back then they are as they were", async () => {
      const [page] = await read(billPdf(bill, wordsOf("de-AT")));
      const text = page!.join(" ");
      expect(text).toContain("Sonnenhöfe Süd");
      expect(text).toContain("Marktgebühr");
      expect(text).toContain("Übrig geblieben, an den Versorger");
      expect(text).toContain("Oktober 2026");
      expect(text).toMatch(/Zu zahlen +€ 29,84/);
    });
  });

  test("given corrections of earlier days when written then their sum is beside the bill's", async () => {
    const earlier = [
      { day: "2026-09-30", amount: -EURO },
      { day: "2026-09-29", amount: 250_000_000n },
    ];
    const pages = await read(billPdf({ ...bill, earlier }, wordsOf("en-GB")));
    expect(pages).toHaveLength(1);
    const [texts] = pages;
    const at = texts!.indexOf("Corrections of 2 earlier days");
    expect(texts!.slice(at).find((text) => text.includes("€"))).toBe("-€0.75");
  });

  test("given all that can be corrected when written then it is still one page, with the sum since it was settled", async () => {
    const changed = [
      { name: "2026-10-02", before: 4n * EURO, now: 3n * EURO },
      { name: "2026-10-03", before: 0n, now: 250_000_000n },
    ];
    const kept = { keptAt: 1_794_000_000, total: 0n, amounts: { ...noAmounts } };
    const earlier = [{ day: "2026-09-30", amount: -EURO }];
    const pages = await read(billPdf({ ...bill, earlier, changed, kept }, wordsOf("en-GB")));
    expect(pages).toHaveLength(1);
    const [texts] = pages;
    const at = texts!.indexOf("Corrected since it was first settled");
    expect(texts!.slice(at).find((text) => text.includes("€"))).toBe("-€0.75");
  });

  test("given a bill that was kept when less is to be paid then it is a credit note, with what was and what is", async () => {
    const before = {
      ...(Object.fromEntries(BILL_LINES.map((name, place) => [name, amounts[place]!])) as Record<
        (typeof BILL_LINES)[number],
        bigint
      >),
      short: 6n * EURO,
    };
    const keptTotal = BILL_LINES.reduce((sum, name) => sum + before[name], 0n);
    const kept = { keptAt: 1_794_000_000, amounts: before, total: keptTotal };
    const pages = await read(billPdf({ ...bill, kept }, wordsOf("en-GB")));
    expect(pages).toHaveLength(1);
    const texts = pages[0]!.filter((text) => text.trim() !== "");
    expect(texts[1]).toBe("Credit note");
    const at = texts.lastIndexOf("Drawn beyond that, from the supplier");
    expect(texts.slice(at + 1, at + 4)).toEqual(["€6.00", "€4.23", "-€1.77"]);
    const sum = texts.lastIndexOf("In all");
    expect(texts.slice(sum + 1, sum + 4)).toEqual(["€31.61", "€29.84", "-€1.77"]);
  });

  test("given a preview, and a name in letters that the font has not, when written then it is still one page", async () => {
    const preview = {
      ...bill,
      isOver: false,
      community: "Łąka ☀ 日向",
      period: { kind: "year", name: "2026" },
    } as const;
    const pages = await read(billPdf(preview, wordsOf("en-GB")));
    expect(pages).toHaveLength(1);
    expect(pages[0]).toContain("Preview of your bill");
  });
});
