// Joulebook as a household meets it, from end to end in a real browser, on a real market: somebody new comes in, and somebody who
// has a meter already orders, sees what came of it, reads the bill, has it proven, and takes money out. They are two because a meter
// serves from the next page on, which is longer than a test has.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect, DESK, PHONE } from "./looking";
import { Market, missing, picture } from "./market-of-this-machine";
import { playMeter } from "./played-meter";

const why = missing();
if (why) console.warn(`the story is not told in a browser: ${why}`);

let market: Market;
beforeAll(async () => {
  if (!why) market = await Market.start();
});
afterAll(() => market?.stop());

const PATIENCE = { timeout: 90_000 };
/** It has no panels: whatever it buys, it draws. */
const HOUSEHOLD = "house08";
const WINDOW_SECONDS = 900;
/** Wh, in each window: less than it buys. */
const DRAWN = 250;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const go = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("link", { name, exact: true }).first().click();

describe.skipIf(why)("a story", () => {
  test("given a newcomer with a throw-away wallet when it follows the page then it has an account with money, and a meter that both have signed", async () => {
    const page = await market.open("/today", PHONE);
    await connect(page);
    await button(page, "Get test money").click();
    await button(page, "Apply").click(PATIENCE);
    await page.getByText("An operator looks at your application.").waitFor(PATIENCE);
    const wallet = (await page.locator(".start__address").textContent())!;

    const desk = await market.open("/desk/participants", DESK);
    await connect(desk, "operator");
    await button(desk, "Let in:").click(PATIENCE);
    await desk.getByText("They are in.").waitFor(PATIENCE);

    await button(page, "Open the account").click(PATIENCE);
    await page.getByRole("heading", { name: /^Your day so far/ }).waitFor(PATIENCE);
    await page.getByRole("link", { name: "Put money in", exact: true }).click(PATIENCE);
    await move(page, "Put in", "20", "It is in your account.");
    await go(page, "Today");
    await page.getByText("The community’s verifier registers it").first().waitFor(PATIENCE);
    await picture(page, "story-no-meter-phone-light");

    await go(desk, "Meters");
    await button(desk, "Fill in the form").click();
    const owner = desk.getByLabel("Owner", { exact: true });
    const own = owner.locator(`option[value="${wallet}"]`);
    await own.waitFor({ state: "attached", ...PATIENCE });
    await owner.selectOption(wallet);
    await desk.getByLabel("Public key of the device").fill(newDevice());
    await desk.getByLabel("Fed in at most").fill("5");
    await button(desk, "Sign, and make the link").click();
    await desk.getByText("Send this link to the owner.").waitFor(PATIENCE);
    const { pathname, hash } = new URL(await desk.getByLabel("Link", { exact: true }).inputValue());
    await desk.context().close();
    await page.goto(new URL(`${pathname}${hash}`, market.url).href);
    await button(page, "Sign and send").click(PATIENCE);
    await page.getByText("It is signed by both, and stands.").waitFor(PATIENCE);

    await page.goto(new URL("/money", market.url).href);
    await page.getByText("€20.00").first().waitFor(PATIENCE);
    await move(page, "Take out", "5", "It is in your wallet.");
    await page.getByText("€15.00").first().waitFor(PATIENCE);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test(
    "given a household with a meter when it orders, its meter is heard and it reads the bill then what it bought is there, proven, and money can be taken out",
    { timeout: 360_000 },
    async () => {
      const page = await market.open("/", DESK);
      await connect(page, HOUSEHOLD);
      await go(page, "Trade");
      await untilFresh(page);
      await place(page, "0.3");
      await button(page, /^Change: Buy 0.3/).click();
      await page.getByLabel("Energy", { exact: true }).fill("0.4");
      await button(page, "Replace the order").click();
      await button(page, /^Cancel: Buy 0.4/).click(PATIENCE);
      await page.getByText("The order is cancelled").waitFor(PATIENCE);
      // As much as it is worth to anybody: it is bought.
      await untilFresh(page);
      const chosen = page.locator(".trade__windows label", { has: page.locator(":checked") });
      const start = Number(await chosen.locator("input").inputValue());
      const clock = /^\d\d:\d\d/.exec((await chosen.textContent())!)![0];
      await page.getByRole("textbox", { name: "Pay at most" }).fill("29.5");
      await place(page, "0.3");

      await page.getByRole("radio", { name: "Every day" }).check();
      await button(page, "Never pay more than the supplier").click();
      await button(page, "Enter the standing order").click();
      await page.getByText("It stands, and is placed in each window").waitFor(PATIENCE);

      await go(page, "Today");
      const coming = page.locator(".coming li", { hasText: `${clock}–` });
      await coming.getByText(/^You bought/).waitFor({ timeout: 90_000 });
      await picture(page, "story-bought-desk-light");
      const end = start + WINDOW_SECONDS;
      await expect.poll(() => market.chainNow(), { timeout: 60_000 }).toBeGreaterThan(end);
      expect(await playMeter(market, HOUSEHOLD, end, DRAWN)).toBeGreaterThan(0);
      const row = page.locator("tr", { hasText: `${clock}–` });
      await row.getByText("measured").waitFor({ state: "attached", timeout: 60_000 });

      await go(page, "Bill");
      await page.getByRole("radio", { name: "Month" }).check();
      const bought = page.locator(".bill__lines tr", { hasText: "Bought from neighbours" });
      await bought.getByText("kWh").waitFor(PATIENCE);
      const verdict = page.locator(".check__result");
      await expect
        .poll(
          async () => {
            await button(page, /^Check (this bill|again)$/).click();
            await verdict.locator(".notice").first().waitFor({ timeout: 60_000 });
            return verdict.textContent();
          },
          { timeout: 60_000, interval: 4_000 },
        )
        .toMatch(/All lines of [1-9]\d* windows are the same/);
      expect(await verdict.textContent()).toMatch(/[1-9]\d* values? (is|are) proven by them/);
      await picture(page, "story-bill-desk-light");

      await go(page, "Money");
      await move(page, "Take out", "1", "It is in your wallet.");
      await page
        .getByText("Withdrawn")
        .first()
        .waitFor({ state: "attached", ...PATIENCE });
      expect(page.faults).toEqual([]);
      await page.context().close();
    },
  );
});

/** Makes a device's key, and gives the public half as its papers have it. */
function newDevice(): string {
  const told = market.run(
    "meter",
    "new-key",
    "--curve",
    "ed25519",
    "--out",
    "newcomers-meter.json",
  );
  return (JSON.parse(told) as { device: string }).device;
}

/** A window that has just opened leaves time for all of it. */
const untilFresh = (page: Page) =>
  page.waitForFunction(
    () => /\b1\d:\d\d left/.test(document.querySelector(".trade__windows")?.textContent ?? ""),
    undefined,
    { timeout: 60_000 },
  );

async function place(page: Page, energy: string) {
  await page.getByLabel("Energy", { exact: true }).fill(energy);
  await button(page, "Place the bid").click();
  // A refusal is told in the same place.
  const told = page.locator(".trade__form").locator(".action-note--done, .notice").first();
  await told.waitFor(PATIENCE);
  expect(await told.textContent()).toContain("Your order stands.");
}

async function move(page: Page, title: string, amount: string, done: string) {
  const card = page.locator("section", {
    has: page.getByRole("heading", { name: title, exact: true }),
  });
  await card.getByLabel("Amount").fill(amount);
  await card.getByRole("button").click();
  await card.getByText(done).waitFor(PATIENCE);
}
