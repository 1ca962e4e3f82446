// A household in a real browser, on a real market: with a passkey for a wallet, by keyboard alone, with standing orders and an agent,
// and what it reads of its day and of where its energy came from.

import { readFileSync } from "node:fs";

import { generateKeyPairSigner } from "@solana/kit";
import type { BrowserContextOptions, Page, Request, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect, DESK, findings, overflow, PHONE, TABLET } from "./looking";
import { Market, missing, picture } from "./market-of-this-machine";

const why = missing();
if (why) console.warn(`the household's pages are not tested in a browser: ${why}`);

let market: Market;
beforeAll(async () => {
  if (!why) market = await Market.start();
});
afterAll(() => market?.stop());

/** A page under a name: a passkey can't belong to a number. */
async function openNamed(path: string, options: BrowserContextOptions = {}) {
  const url = new URL(path, market.url);
  url.hostname = "localhost";
  return market.open(url.href, options);
}

/** A device that keeps passkeys, and whose owner says yes. */
async function addDevice(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      ...{ protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasPrf: true },
      ...{ hasResidentKey: true, hasUserVerification: true, isUserVerified: true },
    },
  });
}

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

type Told = Readonly<{ items: Record<string, unknown>[]; fed_in?: unknown[] }>;

/** The indexer's answers, changed on their way. */
function retell(page: Page, path: RegExp, change: (told: Told) => object) {
  return page.route(path, async (route) => {
    const response = await route.fetch();
    const told = (await response.json()) as Told;
    await route.fulfill({ response, json: { ...told, ...change(told) } });
  });
}

/** Meters here tell of a day twice or four times. What a household reads once they have is told here at once. */
async function tellDay(page: Page) {
  await retell(page, /\/seats\/\d+\/positions/, ({ items }) => ({
    items: items.map((item, at) => ({
      ...item,
      ...{ import_wh: 500 + 40 * (at % 5), export_wh: 60, bought_wh: 300, sold_wh: 0, meters: 1 },
      meters_missing: at % 4 === 3 ? 1 : 0,
    })),
  }));
  await retell(page, /\/meters\/\d+\/readings/, ({ items }) => ({
    items: items.map((item, at) => ({
      ...item,
      ...{ export_wh: 250, quality: at % 4 === 1 ? "replaced" : "measured" },
    })),
  }));
  await retell(page, /\/sources\?/, ({ items }) => ({
    fed_in: [
      { source: "sun", export_wh: 90_000 },
      { source: "storage", export_wh: 10_000 },
    ],
    items: items.map((item) => ({
      ...item,
      ...{ from_neighbours_wh: 60_000, own_wh: 5_000, from_supplier_wh: 35_000 },
    })),
  }));
}

/** Of JSON-RPC. */
function methodOf(request: Request): unknown {
  const body = request.method() === "POST" ? (request.postData() ?? "") : "";
  return body.startsWith("{") ? (JSON.parse(body) as { method?: unknown }).method : undefined;
}

/** The node takes transactions, and does not say what became of them until it is mended. */
async function saysNothingOfTransactions(page: Page): Promise<() => Promise<void>> {
  const isOfNode = (url: URL) => url.port === "8899";
  const silent = async (route: Route, request: Request) => {
    if (methodOf(request) !== "getSignatureStatuses") return route.continue();
    const response = await route.fetch();
    const told = (await response.json()) as { result: object };
    await route.fulfill({ response, json: { ...told, result: { ...told.result, value: [null] } } });
  };
  await page.route(isOfNode, silent);
  return () => page.unroute(isOfNode, silent);
}

/** A window that has just opened leaves time for all of it. */
const untilFresh = (page: Page) =>
  page.waitForFunction(
    () => /\b1\d:\d\d left/.test(document.querySelector(".trade__windows")?.textContent ?? ""),
    undefined,
    { timeout: 60_000 },
  );

/** Goes on from one to the next, as with a keyboard alone, until it stands on what has this name. */
async function tabTo(page: Page, name: RegExp) {
  for (let steps = 0; steps < 80; steps++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const at = document.activeElement as HTMLElement | null;
      const label = (at as HTMLInputElement | null)?.labels?.[0]?.textContent;
      return at?.getAttribute("aria-label") ?? label ?? at?.textContent ?? "";
    });
    if (name.test(here.trim())) return;
  }
  throw new Error(`no key leads to ${name}`);
}

describe.skipIf(why)("a household", () => {
  test("given a newcomer with a passkey when it applies, forgets the browser's storage and comes back then it is the same account, and it can move on", async () => {
    const page = await openNamed("/today", PHONE);
    await addDevice(page);
    await button(page, "Connect").last().click();
    await button(page, "Make a passkey").waitFor();
    await picture(page, "passkey-phone-light");
    expect(await findings(page)).toEqual([]);
    await button(page, "Make a passkey").click();
    await page.getByRole("heading", { name: "Welcome to the neighbourhood" }).waitFor();
    expect(await page.locator('[aria-current="step"]').count()).toBe(1);
    await button(page, "Get test money").click();
    await button(page, "Apply").click({ timeout: 30_000 });
    await page.getByText("An operator looks at your application.").waitFor({ timeout: 30_000 });
    const account = await page.locator(".start__address").textContent();

    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await button(page, "Connect").last().click();
    await button(page, "I have one").click();
    await page.getByText("An operator looks at your application.").waitFor({ timeout: 30_000 });
    expect(await page.locator(".start__address").textContent()).toBe(account);

    await button(page, "Passkey").click();
    await page.getByRole("link", { name: /^About this passkey/ }).click();
    await page.getByRole("heading", { name: "Your passkey" }).waitFor();
    await page.getByText("€50.00").waitFor();
    const { address } = await generateKeyPairSigner();
    await page.getByLabel("Address of the other wallet").fill(address);
    await page.getByText("all SOL but 0.001 SOL").waitFor();
    await picture(page, "wallet-phone-light");
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await button(page, "Send everything").click();
    await page.getByText("It is in the other wallet.").waitFor({ timeout: 30_000 });
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given an older browser without passkeys when a wallet is to be connected then it says so, and another one does", async () => {
    const page = await openNamed("/market", DESK);
    await page.context().addInitScript(() => {
      delete (window as { PublicKeyCredential?: unknown }).PublicKeyCredential;
    });
    await page.reload();
    await button(page, "Connect").first().click();
    await page.getByText("This browser has no passkeys that hold a key").waitFor();
    expect(await button(page, "Make a passkey").count()).toBe(0);
    await picture(page, "no-passkeys-desk-light");
    await button(page, "Close").click();
    await connect(page, "house02");
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByRole("heading", { name: /^Your day so far/ }).waitFor();
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a page under a number when a wallet is to be connected then it leads to a name", async () => {
    const page = await market.open("/market", DESK);
    await button(page, "Connect").first().click();
    await page.getByRole("link", { name: "Open this page as localhost" }).click();
    await page.waitForURL((url) => url.hostname === "localhost");
    await button(page, "Connect").first().click();
    await button(page, "Make a passkey").waitFor();
    await page.context().close();
  });

  test("given a household when it reads its day then what values are worth, what comes and why money is set aside", async () => {
    const page = await market.open("/", DESK);
    await tellDay(page);
    await connect(page, "house01");
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByRole("heading", { name: "What your meter’s values are worth" }).waitFor({
      timeout: 90_000,
    });
    await page.getByText(/is free: to order with/).waitFor();
    await page.locator(".day__price").waitFor({ state: "attached" });
    await page
      .getByText(/^Orders close in/)
      .first()
      .waitFor({ timeout: 60_000 });
    await picture(page, "today-desk-light");
    expect(await findings(page)).toEqual([]);
    await page.setViewportSize(TABLET.viewport);
    await picture(page, "today-tablet-light");
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize(PHONE.viewport);
    await page.emulateMedia({ colorScheme: "dark" });
    await picture(page, "today-phone-dark");
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a household when it asks where its energy came from then a label with its windows, which can be taken away", async () => {
    const page = await market.open("/", DESK);
    await tellDay(page);
    await connect(page, "house02");
    await page.goto(new URL("/origin", market.url).href);
    await page.getByRole("table", { name: /^Energy label/ }).waitFor({ timeout: 60_000 });
    await picture(page, "origin-desk-light");
    expect(await findings(page)).toEqual([]);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      button(page, "As a table (CSV)").click(),
    ]);
    const csv = readFileSync(await download.path(), "utf8");
    expect(csv).toMatch(
      /^start,end,from,source,mix_known_by,energy_wh\r\n.*Z,(neighbours|own|supplier),/,
    );
    for (const period of ["Month", "Year"]) {
      await page.getByRole("radio", { name: period, exact: true }).check();
      await page.getByRole("table", { name: /^Energy label/ }).waitFor();
      await page.locator(".origin__bar").first().waitFor({ state: "attached" });
    }
    await page.getByRole("radio", { name: "Day", exact: true }).check();
    await page.setViewportSize(PHONE.viewport);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.getByRole("table", { name: /^Energy label/ }).waitFor();
    await picture(page, "origin-phone-dark");
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.setViewportSize(DESK.viewport);
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await picture(page, "origin-print");
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given a household when it enters a standing order by a phrase and names an agent then both stand, until it takes them away", async () => {
    const page = await market.open("/", DESK);
    await connect(page, "house02");
    await page.getByRole("link", { name: "Trade", exact: true }).click();
    await page.getByRole("radio", { name: "Every day" }).check();
    await button(page, /^Sell what my panels make above 12 ct/).click();
    await page
      .getByText(/for at least 12.0 ct\/kWh, from 10:00 to 16:00/)
      .first()
      .waitFor();
    await page.locator(".standing-curve__line").waitFor({ state: "attached" });
    await picture(page, "standing-desk-light");
    expect(await findings(page)).toEqual([]);
    await button(page, "Enter the standing order").click();
    await page.getByText("It stands, and is placed in each window").waitFor({ timeout: 30_000 });
    await button(page, /^Take away: Sell as much as you fed in/)
      .last()
      .click();
    await page.getByText("It is taken away.").waitFor({ timeout: 30_000 });

    const { address } = await generateKeyPairSigner();
    await page.getByLabel("The agent’s address").fill(address);
    await page.getByLabel("Buys for at most").fill("25");
    await button(page, "Let it trade").click();
    await page.getByText("It trades for you from now on").waitFor({ timeout: 30_000 });
    await page.getByText(/buy at 25.0 ct\/kWh at most/).waitFor({ timeout: 30_000 });
    await page.setViewportSize(PHONE.viewport);
    await page.emulateMedia({ colorScheme: "dark" });
    await picture(page, "standing-phone-dark");
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await button(page, "Stop it").click();
    await page.getByText("It trades for you no more.").waitFor({ timeout: 30_000 });
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given an order that is sent when the page is loaded again before anybody says what became of it then it waits, tells, and places nothing twice", async () => {
    const page = await market.open("/", DESK);
    await connect(page, "house04");
    await page.getByRole("link", { name: "Trade", exact: true }).click();
    await untilFresh(page);
    const mend = await saysNothingOfTransactions(page);
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    const isSent = page.waitForRequest((request) => methodOf(request) === "sendTransaction");
    await button(page, "Place the bid").click();
    await isSent;
    await page.reload();
    const told = page.locator(".notice", { hasText: "You buy up to 0.3 kWh" });
    await told.getByText("You signed this, and it is not settled yet.").waitFor();
    await picture(page, "unsettled-desk-light");
    expect(await findings(page)).toEqual([]);
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    await button(page, "Place the bid").click();
    await page.getByText("Checking whether it can be done").waitFor();
    await mend();
    await page.getByText("What you did before went through after all.").waitFor();
    expect(await button(page, /^Change: Buy 0.3/).count()).toBe(1);
    expect(await told.count()).toBe(0);
    expect(page.faults).toEqual([]);
    await page.context().close();
  });

  test("given no mouse when a household connects and places an order then keys are enough", async () => {
    const page = await market.open("/market", DESK);
    await page.locator(".next__title").waitFor();
    await tabTo(page, /^Connect$/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^Test wallet/);
    await page.keyboard.press("Enter");
    await page.getByRole("radio", { name: /^house03,/ }).waitFor();
    await tabTo(page, /^New here/);
    for (let house = 1; house <= 3; house++) await page.keyboard.press("ArrowDown");
    await tabTo(page, /^Done$/);
    await page.keyboard.press("Enter");
    await tabTo(page, /^Trade$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "New order" }).waitFor();
    await untilFresh(page);
    await tabTo(page, /^Energy$/);
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("0.3");
    await tabTo(page, /^Place the bid$/);
    await page.keyboard.press("Enter");
    await page.getByText("Your order stands.").waitFor({ timeout: 30_000 });
    await page
      .getByText(/Buy 0.3 kWh at most/)
      .first()
      .waitFor();
    await picture(page, "trade-desk-light");
    expect(page.faults).toEqual([]);
    await page.context().close();
  }, 240_000);
});
