// The page in bad weather: whatever is missing, it says so and what to do, keeps what it knows, and goes on by itself once it is back.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { connect as connectTo, sendInstructions } from "@joulebook/client";
import {
  AccountRole,
  address,
  createKeyPairSignerFromBytes,
  getStructEncoder,
  getU32Encoder,
  getU64Encoder,
} from "@solana/kit";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { connect, crashes, DESK, findings, overflow, PHONE, TABLET } from "./looking";
import { Market, missing, picture } from "./market-of-this-machine";
import { addRefusingWallet, keyOf } from "./wallets";
import { servedBehindWays, type Served } from "./way";

const why = missing();
if (why) console.warn(`the page is not tested in bad weather: ${why}`);

let market: Market;
let served: Served;
beforeAll(async () => {
  if (!why) market = await Market.start();
});
afterAll(() => market?.stop());
beforeEach(async () => {
  if (!why) served = await servedBehindWays(market);
});
afterEach(() => served?.close());

const LONG = { timeout: 60_000 };
const live = (page: Page) => page.getByText("Live from the chain").waitFor(LONG);
const alarm = (page: Page, text: string) => page.getByRole("alert").filter({ hasText: text });
/** So that a page that was loaded anew is noticed. */
const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { isTheSame: true }));
const isTheSame = (page: Page) => page.evaluate(() => "isTheSame" in window);

/** On the page where one trades, with a window that stays open for a while. */
async function trade(page: Page) {
  await page.getByRole("link", { name: "Trade", exact: true }).first().click();
  await page.waitForFunction(
    () => /\b1\d:\d\d left/.test(document.querySelector(".trade__windows")?.textContent ?? ""),
    undefined,
    LONG,
  );
}

describe.skipIf(why)("in bad weather", () => {
  test("given a household when the node goes and comes back then it is told, keeps what it knows, and goes on", async () => {
    const page = await market.open(served.url, DESK);
    await connect(page, "house02");
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByRole("heading", { name: /^Your day so far/ }).waitFor();
    await live(page);
    await mark(page);
    await trade(page);
    served.node.cut();
    await alarm(page, "The chain does not answer.").first().waitFor();
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    await page.getByRole("button", { name: "Place the bid" }).click();
    await alarm(page, "Look at your connection, and try again in a moment.").waitFor(LONG);
    await picture(page, "weather-node-gone");
    expect(await findings(page)).toEqual([]);
    await page.getByRole("link", { name: "Today" }).click();
    await page.getByRole("heading", { name: /^Your day so far/ }).waitFor();
    served.node.mend();
    await live(page);
    await alarm(page, "The chain does not answer.").waitFor({ state: "detached", ...LONG });
    await trade(page);
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    await page.getByRole("button", { name: "Place the bid" }).click();
    await page.getByText("Your order stands.").waitFor(LONG);
    expect(await isTheSame(page)).toBe(true);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given a node that is gone when the page is opened then it says so, and opens the market once it is back", async () => {
    served.node.cut();
    const page = await market.open(served.url, PHONE);
    await alarm(page, "The chain does not answer.").waitFor();
    await page.getByText("the market opens as soon as it answers").waitFor();
    await picture(page, "weather-node-gone-at-first");
    expect(await findings(page)).toEqual([]);
    served.node.mend();
    await page.locator(".next__title").waitFor(LONG);
    await live(page);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given a household that comes while the node is gone then it is not taken for a newcomer", async () => {
    const page = await market.open(served.url, DESK);
    await connect(page, "house02");
    await live(page);
    // Nothing is known of this household yet.
    await page.route(/127\.0\.0\.1:\d+\/$/, (route) =>
      route.request().method() === "POST" ? route.abort() : route.continue(),
    );
    await page.getByRole("link", { name: "Today" }).click();
    await alarm(page, "What you have here can’t be read at the moment.").waitFor(LONG);
    expect(await page.getByText("Welcome to the neighbourhood").count()).toBe(0);
    await picture(page, "weather-unread");
    await page.unroute(/127\.0\.0\.1:\d+\/$/);
    await page.getByRole("heading", { name: /^Your day so far/ }).waitFor(LONG);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given another chain when the page is opened then nothing is to be signed, until it is the right one", async () => {
    const page = await market.open("about:blank", DESK);
    const isAnother = /127\.0\.0\.1:\d+\/$/;
    await page.route(isAnother, async (route) => {
      const asked = route.request();
      if (asked.method() !== "POST" || !asked.postData()?.includes("getGenesisHash"))
        return route.continue();
      const { id } = asked.postDataJSON() as { id: unknown };
      const result = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
      await route.fulfill({
        headers: { "access-control-allow-origin": "*" },
        json: { jsonrpc: "2.0", id, result },
      });
    });
    await page.goto(served.url);
    await alarm(
      page,
      "The chain that answers is not the market’s. Do not sign anything.",
    ).waitFor();
    await picture(page, "weather-other-chain");
    expect(await findings(page)).toEqual([]);
    await page.unroute(isAnother);
    await page.locator(".next__title").waitFor(LONG);
    expect(await alarm(page, "This market can’t be shown.").count()).toBe(0);
    await page.context().close();
  });

  test("given a wallet for another chain when one wants to connect then it is told which chain is meant", async () => {
    const page = await market.open("about:blank", DESK);
    const key = keyOf(market, "house03");
    await addRefusingWallet(page.context(), { name: "Far wallet", chain: "solana:mainnet", key });
    await page.goto(served.url);
    await page.getByRole("button", { name: "Connect" }).first().click();
    await page.getByText("For another chain: Far wallet").waitFor();
    await page.getByText("This market is on solana:localnet.").waitFor();
    expect(await page.getByRole("button", { name: "Far wallet" }).count()).toBe(0);
    await picture(page, "weather-far-wallet");
    expect(await findings(page)).toEqual([]);
    await page.context().close();
  });

  test("given an owner who does not sign when an order is placed then nothing was sent, and what was typed is there", async () => {
    const page = await market.open("about:blank", DESK);
    const key = keyOf(market, "house03");
    await addRefusingWallet(page.context(), { name: "Shy wallet", chain: "solana:localnet", key });
    await page.goto(served.url);
    await page.getByRole("button", { name: "Connect" }).first().click();
    await page.getByRole("button", { name: "Shy wallet" }).click();
    await trade(page);
    await page.getByLabel("Energy", { exact: true }).fill("0.4");
    await page.getByRole("button", { name: "Place the bid" }).click();
    await alarm(page, "Your wallet has not signed.")
      .filter({ hasText: "Nothing was sent." })
      .waitFor(LONG);
    expect(await page.getByLabel("Energy", { exact: true }).inputValue()).toBe("0.4");
    expect(await page.getByText(/^Buy 0.4 kWh/).count()).toBe(0);
    await picture(page, "weather-not-signed");
    expect(await findings(page)).toEqual([]);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given a wallet that can't pay fees when its household comes then it is told before it orders, and can order once it has some", async () => {
    await drain(market, "house04");
    const page = await market.open(served.url, PHONE);
    await connect(page, "house04");
    await trade(page);
    await alarm(page, "Your wallet can’t pay fees.").waitFor();
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    await page.getByRole("button", { name: "Place the bid" }).click();
    await alarm(page, "There is too little SOL in your wallet.").waitFor(LONG);
    await picture(page, "weather-empty-wallet");
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: "Get test money" }).click();
    await alarm(page, "Your wallet can’t pay fees.").waitFor({ state: "detached", ...LONG });
    await trade(page);
    await page.getByRole("button", { name: "Place the bid" }).click();
    await page.getByText("Your order stands.").waitFor(LONG);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given an order that is typed when its gate closes then it is told for which window it would be", async () => {
    const page = await market.open(served.url, DESK);
    await connect(page, "house05");
    await trade(page);
    await page.locator(".trade__windows input").first().check({ force: true });
    await page.getByLabel("Energy", { exact: true }).fill("0.7");
    await page.getByText("What you typed stays").waitFor(LONG);
    expect(await page.getByRole("button", { name: "Place the bid" }).isDisabled()).toBe(true);
    await picture(page, "weather-between-windows");
    await page.getByText(/^Orders for .* have closed meanwhile\./).waitFor(LONG);
    expect(await page.getByLabel("Energy", { exact: true }).inputValue()).toBe("0.7");
    await picture(page, "weather-closed-gate");
    await page.context().close();
  });

  test("given an order that is changed when its gate closes then it stands as it was, and that is told", async () => {
    const page = await market.open(served.url, DESK);
    await connect(page, "house06");
    await trade(page);
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    await page.getByRole("button", { name: "Place the bid" }).click();
    await page.getByText("Your order stands.").waitFor(LONG);
    await page.getByRole("button", { name: /^Change: Buy 0.3/ }).click();
    await alarm(page, "can’t be changed any more.").waitFor({ timeout: 90_000 });
    await picture(page, "weather-changed-too-late");
    expect(await findings(page)).toEqual([]);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given an indexer that goes when the page is shown then the present stays, and the past comes back with it", async () => {
    served.indexer.cut();
    const page = await market.open(served.url, DESK);
    await alarm(page, "The market’s history can’t be had at the moment.").waitFor(LONG);
    await page.locator(".next__title").waitFor();
    const untold = page.getByText("This can’t be had at the moment.").first();
    await untold.waitFor(LONG);
    await picture(page, "weather-indexer-gone");
    expect(await findings(page)).toEqual([]);
    served.indexer.mend();
    await alarm(page, "The market’s history").waitFor({ state: "detached", ...LONG });
    await untold.waitFor({ state: "detached", ...LONG });
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given an indexer that is behind when the page is shown then it says up to when the past is known", async () => {
    const page = await market.open("about:blank", DESK);
    await page.route("**/indexer/v1/state", async (route) => {
      const answer = await route.fetch();
      const told = (await answer.json()) as { items: { time: number }[] };
      for (const item of told.items) item.time -= 7_200;
      await route.fulfill({ json: told });
    });
    await page.goto(served.url);
    await page.getByText(/^The history is known up to .* only\./).waitFor(LONG);
    await picture(page, "weather-indexer-behind");
    // Whoever asks still is not answered any more.
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.context().close();
  });

  test.each(["[]", '{"items":[{"start":"soon"}]}', '{"items":null}', "<html>"])(
    "given an indexer that answers %s when the page is shown then the market stays",
    async (body) => {
      const page = await market.open("about:blank", DESK);
      await page.route("**/indexer/v1/markets/**", (route) =>
        route.fulfill({ contentType: "application/json", body }),
      );
      await page.goto(served.url);
      await page.locator(".next__title").waitFor();
      await live(page);
      await page.getByRole("link", { name: "For programmers" }).click();
      await page.getByRole("heading", { level: 1, name: "For programmers" }).waitFor();
      await page.context().close();
    },
  );

  test("given no network when a page is gone to that is not loaded yet then it comes with the network", async () => {
    const page = await market.open(served.url, DESK);
    await connect(page, "house02");
    await live(page);
    await mark(page);
    await page.context().setOffline(true);
    await page.getByText("You are offline. What you see is from before.").waitFor(LONG);
    await page.getByRole("link", { name: "For keepers" }).click();
    await page.getByText("One moment").waitFor();
    await picture(page, "weather-offline");
    expect(await findings(page)).toEqual([]);
    await page.context().setOffline(false);
    await page.getByRole("heading", { level: 1, name: "For keepers" }).waitFor(LONG);
    await live(page);
    expect(await isTheSame(page)).toBe(true);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test("given a slow connection when the page is opened then it says that it is coming, and can be used", async () => {
    const page = await market.open("about:blank", { ...PHONE, reducedMotion: "reduce" });
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Network.emulateNetworkConditions", {
      ...{ offline: false, latency: 400 },
      // Bytes in a second: a bad mobile network.
      ...{ downloadThroughput: 50_000, uploadThroughput: 25_000 },
    });
    await page.goto(served.url, { waitUntil: "commit" });
    const waiting = page.locator(".waiting").first();
    await waiting.waitFor();
    // Nothing turns for who does not want that.
    const moves = (element: Element) => getComputedStyle(element, "::before").animationName;
    expect(await waiting.evaluate(moves)).toBe("none");
    await picture(page, "weather-slow");
    await page.locator(".next__title").waitFor(LONG);
    await connect(page, "house07");
    await trade(page);
    await page.getByLabel("Energy", { exact: true }).fill("0.3");
    await page.getByRole("button", { name: "Place the bid" }).click();
    await page.getByText("Your order stands.").waitFor(LONG);
    expect(crashes(page)).toEqual([]);
    await page.context().close();
  });

  test.each(["light", "dark"] as const)(
    "given a tablet, %s, when each page is looked at then it fits, and axe finds nothing",
    async (colorScheme) => {
      const page = await market.open(served.url, { ...TABLET, colorScheme });
      await connect(page, "house01");
      for (const name of ["Today", "Market", "Trade", "Money", "Bill"]) {
        await page.getByRole("link", { name, exact: true }).click();
        await page.waitForTimeout(1_500);
        await picture(page, `tablet-${colorScheme}-${name.toLowerCase()}`);
        expect([name, await findings(page)]).toEqual([name, []]);
        expect([name, await overflow(page)]).toEqual([name, 0]);
      }
      expect(crashes(page)).toEqual([]);
      await page.context().close();
    },
  );
});

/** Takes all lamports out of a household's wallet. The operator pays for it. */
async function drain(market: Market, name: string) {
  const read = (file: string) => JSON.parse(readFileSync(join(market.folder, file), "utf8"));
  const sandbox = read("sandbox.json");
  const payer = await createKeyPairSignerFromBytes(new Uint8Array(read(sandbox.authority.key)));
  const from = await createKeyPairSignerFromBytes(keyOf(market, name));
  const to = connectTo({ url: sandbox.rpcUrl, wsUrl: sandbox.wsUrl }, payer);
  const { value } = await to.rpc.getBalance(from.address, { commitment: "confirmed" }).send();
  const transfer = getStructEncoder([
    ["kind", getU32Encoder()],
    ["lamports", getU64Encoder()],
  ]).encode({ kind: 2, lamports: value });
  await sendInstructions(to, [
    {
      programAddress: address("11111111111111111111111111111111"),
      accounts: [
        { address: from.address, role: AccountRole.WRITABLE_SIGNER, signer: from },
        { address: payer.address, role: AccountRole.WRITABLE },
      ] as never,
      data: transfer,
    },
  ]);
}
