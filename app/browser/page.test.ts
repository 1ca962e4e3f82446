// The page in a real browser, on a real market: a visitor looks on, a household looks at its day and trades, a newcomer applies.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect, DESK, findings, overflow, PHONE } from "./looking";
import { Market, missing, picture } from "./market-of-this-machine";

const why = missing();
if (why) console.warn(`the page is not tested in a browser: ${why}`);

let market: Market;
beforeAll(async () => {
  if (!why) market = await Market.start();
});
afterAll(() => market?.stop());

describe.skipIf(why)("the page", () => {
  test("given a visitor when a window closes then the page goes on to the next one by itself", async () => {
    const page = await market.open("/", DESK);
    const title = page.locator(".next__title");
    await title.waitFor();
    await page.getByText("Live from the chain").waitFor();
    await page.locator(".day__price").waitFor({ state: "attached" });
    await picture(page, "market-desk-light");
    expect(await findings(page)).toEqual([]);
    const before = await title.textContent();
    await page.waitForFunction(
      (text) => document.querySelector(".next__title")?.textContent !== text,
      before,
      { timeout: 60_000 },
    );
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a network that is gone when the page goes on then it says so, and catches up once it is back", async () => {
    const page = await market.open("/market", DESK);
    await page.getByText("Live from the chain").waitFor();
    await page.context().setOffline(true);
    await page.getByText("You are offline.").waitFor();
    await page.context().setOffline(false);
    await page.getByText("Live from the chain").waitFor({ timeout: 30_000 });
    await page.context().close();
  });

  test("given a phone at night, in German, when the market is shown then it fits, and axe finds nothing", async () => {
    const page = await market.open("/market", { ...PHONE, colorScheme: "dark", locale: "de-AT" });
    await page.locator(".next__title").waitFor();
    await page.getByText("Live von der Chain").waitFor();
    await page.locator(".day__price").waitFor({ state: "attached" });
    await picture(page, "market-phone-dark-de");
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  test("given a household when it places, changes and cancels an order then each is told", async () => {
    const page = await market.open("/", DESK);
    await connect(page, "house01");
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByRole("heading", { name: /^Your day so far/ }).waitFor();
    await page.locator(".flow > svg").waitFor();
    await picture(page, "today-desk-light");
    expect(await findings(page)).toEqual([]);
    for (const name of ["Money", "Bill"]) {
      await page.getByRole("link", { name, exact: true }).click();
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForTimeout(1_500);
      await picture(page, `${name.toLowerCase()}-desk-light`);
      expect(await findings(page)).toEqual([]);
    }
    await page.getByRole("link", { name: "Trade", exact: true }).click();
    // A window that has just opened leaves time for all of it.
    await page.waitForFunction(
      () => /\b1\d:\d\d left/.test(document.querySelector(".trade__windows")?.textContent ?? ""),
      undefined,
      { timeout: 60_000 },
    );
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    await page.getByRole("button", { name: "Place the bid" }).click();
    await page.getByText("Your order stands.").waitFor();
    await page.getByRole("button", { name: /^Change: Buy 0.3/ }).click();
    await page.getByLabel("Energy", { exact: true }).fill("0.4");
    await page.getByRole("button", { name: "Replace the order" }).click();
    await page.getByRole("button", { name: /^Cancel: Buy 0.4/ }).click();
    await page.getByText("The order is cancelled").waitFor();
    await picture(page, "trade-desk-light");
    expect(await findings(page)).toEqual([]);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a newcomer when it connects a throw-away wallet and applies then it waits for an operator, and goes on once one has let it in", async () => {
    const page = await market.open("/", PHONE);
    await connect(page);
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByRole("button", { name: "Get test money" }).click();
    await page.getByRole("button", { name: "Apply" }).waitFor({ timeout: 30_000 });
    await picture(page, "start-phone-light");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("An operator looks at your application.").waitFor({ timeout: 30_000 });
    expect(await overflow(page)).toBeLessThanOrEqual(0);

    const desk = await market.open("/desk", DESK);
    await connect(desk, "operator");
    const subjects = desk.getByRole("navigation", { name: "Subjects of the desk" });
    await subjects.getByRole("link", { name: "Participants" }).click();
    await desk.getByRole("button", { name: "Let in:" }).click();
    await desk.getByText("They are in.").waitFor({ timeout: 30_000 });
    await picture(desk, "desk-desk-light");
    expect(await findings(desk)).toEqual([]);
    await desk.context().close();

    await page.getByRole("button", { name: "Open the account" }).click({ timeout: 30_000 });
    await page.getByRole("heading", { name: /^Your day so far/ }).waitFor({ timeout: 30_000 });
    expect(page.faults).toEqual([]);
    await page.context().close();
  });
});
