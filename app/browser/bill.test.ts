// A household's bill in a real browser, on a real market: read, saved as PDF and as a table, printed, and proven from the chain.

import { readFileSync } from "node:fs";

import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect, DESK, findings, overflow, PHONE } from "./looking";
import { Market, missing, picture } from "./market-of-this-machine";

const why = missing();
if (why) console.warn(`bills are not tested in a browser: ${why}`);

/** Seconds of the market's time in one: meters sign what they have moved every six hours. */
const SPEED = 240;
/** Tries, each some seconds long: until a meter has signed, and its windows are settled. */
const TRIES = 30;

let market: Market;
beforeAll(async () => {
  if (!why) market = await Market.start(SPEED);
});
afterAll(() => market?.stop());

/** The texts of a PDF, by page. */
async function read(pdf: Uint8Array): Promise<string[]> {
  const document = await getDocument({ data: new Uint8Array(pdf), verbosity: 0 }).promise;
  const numbers = Array.from({ length: document.numPages }, (_, place) => place + 1);
  const pages = await Promise.all(
    numbers.map(async (number) => (await (await document.getPage(number)).getTextContent()).items),
  );
  await document.destroy();
  return pages.map((items) => items.map((item) => ("str" in item ? item.str : "")).join("\n"));
}

async function openBill(page: Page, day: string) {
  await page.getByRole("link", { name: /^(Bill|Rechnung)$/ }).click();
  await page.getByRole("radio", { name: day }).check();
  await page.locator(".bill__lines tfoot").waitFor({ timeout: 120_000 });
}

/** Amounts as they are shown, the sum last. */
const amounts = (page: Page) => page.locator(".bill__lines td:last-child").allTextContents();

async function save(page: Page, button: string): Promise<Uint8Array> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFileSync(await download.path());
}

describe.skipIf(why)("a bill", () => {
  test(
    "given a window that was settled when the household checks its bill then it stands on its meter's signatures",
    { timeout: 300_000 },
    async () => {
      const page = await market.open("/", DESK);
      await connect(page, "house01");
      // A day may just have begun.
      await openBill(page, "Month");
      const verdict = page.locator(".check__result .notice").first();
      let told = "";
      for (let tries = 0; tries < TRIES; tries++) {
        await page.getByRole("button", { name: /^Check (this bill|again)$/ }).click();
        await verdict.waitFor({ timeout: 60_000 });
        told = (await page.locator(".check__result").textContent())!;
        expect(told).not.toContain("does not agree with the chain");
        if (/[1-9]\d* values? (is|are) proven by them/.test(told)) break;
        await page.waitForTimeout(4_000);
      }
      expect(told).toMatch(/[1-9]\d* signatures? of your meter/);
      expect(told).toMatch(/[1-9]\d* values? (is|are) proven by them/);
      expect(told).toMatch(/All lines of [1-9]\d* windows are the same/);
      await page.getByText("Window by window, with signatures").click();
      await page.getByRole("cell", { name: "signed", exact: true }).first().waitFor();
      await page.getByText("Lines side by side").click();
      expect(await page.locator('[data-differs="true"]').count()).toBe(0);
      await picture(page, "bill-checked-desk-light");
      expect(await findings(page)).toEqual([]);
      expect(page.faults).toEqual([]);
      await page.context().close();
    },
  );

  test("given a bill when it is saved and printed then a reader of PDF and a table say what the page says", async () => {
    const page = await market.open("/", DESK);
    await connect(page, "house01");
    await openBill(page, "Day");
    // What is shown goes on with the market: both times the same, or once more.
    for (let tries = 0; ; tries++) {
      const before = await amounts(page);
      const [pdf, ...others] = await read(await save(page, "Save as PDF"));
      const csv = new TextDecoder().decode(await save(page, "As a table (CSV)"));
      const printed = await read(await page.pdf({ preferCSSPageSize: true }));
      if ((await amounts(page)).join() !== before.join() && tries < TRIES) continue;
      expect(others).toEqual([]);
      expect(printed).toHaveLength(1);
      for (const amount of before) {
        expect(pdf).toContain(amount);
        expect(printed[0]).toContain(amount);
      }
      expect(pdf).toContain("Preview of your bill");
      expect(csv.split("\r\n")[0]).toBe("line,energy_kwh,amount_tokens");
      expect(csv.split("\r\n").at(-2)).toMatch(/^total,,-?\d/);
      break;
    }
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a phone at night, in German, when a bill is looked at then it fits, and axe finds nothing", async () => {
    const page = await market.open("/", { ...PHONE, colorScheme: "dark", locale: "de-AT" });
    await page.getByRole("button", { name: "Verbinden" }).first().click();
    await page
      .getByRole("button", { name: /Wegwerf|Test/ })
      .first()
      .click();
    await page.getByRole("radio", { name: /^house01,/ }).check();
    await page.getByRole("button", { name: "Fertig" }).click();
    await openBill(page, "Tag");
    await page.getByRole("button", { name: "Rechnung prüfen" }).click();
    await page.locator(".check__result .notice").first().waitFor({ timeout: 60_000 });
    await picture(page, "bill-phone-dark-de");
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole("radio", { name: "Jahr" }).check();
    await page.locator(".bill__lines tfoot").waitFor({ timeout: 60_000 });
    await picture(page, "bill-year-phone-dark-de");
    expect(await findings(page)).toEqual([]);
    await page.context().close();
  });
});
