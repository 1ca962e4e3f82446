import { generateKeyPairSigner, type Signature } from "@solana/kit";
import { beforeEach, expect, test, vi } from "vitest";

import { keep, readKept, type Unsettled } from "../../src/household/unsettled/kept";
import type { Acting } from "../../src/household/unsettled/unsettled";
import { actingOn, newChain, pending, type Chain } from "./chain";

type Page = typeof import("../../src/household/unsettled/unsettled");

let FateUnknownError: (typeof import("@joulebook/client"))["FateUnknownError"];

/** The page as it is loaded anew: it knows what the storage has. */
async function loaded(): Promise<Page> {
  vi.resetModules();
  ({ FateUnknownError } = await import("@joulebook/client"));
  return import("../../src/household/unsettled/unsettled");
}

let [page, chain, acting, sent]: [Page, Chain, Acting, number] = [] as never;
beforeEach(async () => {
  localStorage.clear();
  page = await loaded();
  chain = newChain();
  acting = actingOn(chain, (await generateKeyPairSigner()).address);
  sent = 0;
});

const ORDER = "You buy up to 0.5 kWh";
const send = (what = ORDER) => page.actSettled(acting, what, async () => ++sent);
const giveUp = () =>
  page.actSettled(acting, ORDER, async () => {
    throw new FateUnknownError(pending);
  });
const sign = { ...pending, wire: "" } as never;
/** Signs, and hears nothing any more. */
const vanish = () =>
  page.actSettled(acting, ORDER, ({ onSigned }) => {
    void onSigned!(sign);
    return new Promise<never>(() => {});
  });
const nameOf = (error: unknown) => (error as Error).name;
const whose = () => page.whoseOf(acting);
const dayAgo = () => Date.now() - 86_400_000;

test("given a deposit of which nobody knows when it has landed and the button is pressed again then nothing is sent, and it is told", async () => {
  await expect(giveUp()).rejects.toThrow(FateUnknownError);
  setTimeout(() => (chain.landed = true), 10);
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("LandedAfterAllError");
  expect(sent).toBe(0);
  // Whoever presses once more means it.
  await send();
  expect(sent).toBe(1);
});

test("given a deposit of which nobody knows when it can't land any more and the button is pressed again then it is sent", async () => {
  await expect(giveUp()).rejects.toThrow(FateUnknownError);
  chain.height = 101n;
  await send();
  expect(sent).toBe(1);
});

test("given an endpoint that is silent when the button is pressed again and again then nothing is sent", async () => {
  await expect(giveUp()).rejects.toThrow(FateUnknownError);
  chain.isSilent = true;
  for (let presses = 0; presses < 2; presses++)
    await expect(send()).rejects.toThrow(FateUnknownError);
  expect(sent).toBe(0);
});

test("given nothing that is on its way when the button is pressed then it is sent at once", async () => {
  await send();
  expect(sent).toBe(1);
});

test("given an order that is signed when the page is loaded again and the button is pressed then nothing is sent, and it is told", async () => {
  void vanish();
  await vi.waitFor(() => expect(readKept(whose())).toHaveLength(1));
  page = await loaded();
  expect(page.unsettledOf(whose())).toMatchObject([{ pending, what: ORDER }]);
  setTimeout(() => (chain.landed = true), 10);
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("LandedAfterAllError");
  expect(sent).toBe(0);
  expect(readKept(whose())).toEqual([]);
  await send();
  expect(sent).toBe(1);
});

test("given an order that never got through when the page is loaded again and the button is pressed then it is sent", async () => {
  void vanish();
  chain.height = 101n;
  page = await loaded();
  await send();
  expect(sent).toBe(1);
  expect(readKept(whose())).toEqual([]);
});

test("given another wallet, or another market, when the page is loaded again then it waits for nothing", async () => {
  void vanish();
  page = await loaded();
  const other = (await generateKeyPairSigner()).address;
  expect(page.unsettledOf({ ...whose(), wallet: other })).toEqual([]);
  expect(page.unsettledOf({ ...whose(), market: other })).toEqual([]);
});

test("given that it is told to have landed when something else is done then at once, and the same once it is pressed twice", async () => {
  void vanish();
  page = await loaded();
  chain.landed = true;
  const [before] = page.unsettledOf(whose());
  await page.settled(acting.connection, whose(), before!);
  expect(page.unsettledOf(whose())).toMatchObject([{ fate: "landed" }]);
  await send("You deposit 10.00 €");
  expect(sent).toBe(1);
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("LandedAfterAllError");
  await send();
  expect(sent).toBe(2);
});

test("given what is on its way in this page when anything is done then it is refused, and done once the first has arrived", async () => {
  let arrive = () => {};
  const first = page.actSettled(acting, ORDER, () => new Promise<void>((done) => (arrive = done)));
  for (const what of [ORDER, "You deposit 10.00 €"])
    expect(nameOf(await send(what).catch((thrown: unknown) => thrown))).toBe("OnItsWayError");
  expect(sent).toBe(0);
  arrive();
  await first;
  await send();
  expect(sent).toBe(1);
});

test("given what is on its way when another wallet does something then it is done", async () => {
  void vanish();
  const other = actingOn(chain, (await generateKeyPairSigner()).address);
  await page.actSettled(other, ORDER, async () => ++sent);
  expect(sent).toBe(1);
});

test("given what has come back, or was refused, when the page is loaded again then it waits for nothing", async () => {
  await page.actSettled(acting, ORDER, async ({ onSigned }) => onSigned!(sign));
  expect(readKept(whose())).toEqual([]);
  const refused = page.actSettled(acting, ORDER, async ({ onSigned }) => {
    await onSigned!(sign);
    throw new Error("GateClosed");
  });
  await expect(refused).rejects.toThrow("GateClosed");
  expect(readKept(whose())).toEqual([]);
});

test("given several transactions of one act when each is signed then the last one is kept", async () => {
  const other = "1".repeat(63) + "2";
  void page.actSettled(acting, ORDER, async ({ onSigned }) => {
    await onSigned!(sign);
    await onSigned!({ ...(sign as object), signature: other } as never);
    return new Promise<never>(() => {});
  });
  await vi.waitFor(() =>
    expect(readKept(whose()).map((each) => each.pending.signature)).toEqual([other]),
  );
});

const stored = () =>
  Object.keys(localStorage).find((key) => key.startsWith("joulebook.unsettled"))!;
const one = { pending, what: ORDER, signedAt: 0 } as Unsettled;

test("given a day that is over when what was kept is read then it is gone", () => {
  keep(whose(), { ...one, signedAt: dayAgo() + 60_000 });
  expect(readKept(whose())).toHaveLength(1);
  keep(whose(), { ...one, signedAt: dayAgo() });
  expect(readKept(whose())).toEqual([]);
});

test("given more than there can be when they are kept then the latest are there", () => {
  const signatures = Array.from({ length: 9 }, (_, at) => ("1".repeat(63) + (at + 1)) as Signature);
  for (const signature of signatures)
    keep(whose(), { ...one, signedAt: Date.now(), pending: { ...pending, signature } });
  expect(readKept(whose()).map((each) => each.pending.signature)).toEqual(signatures.slice(1));
});

test.each([
  "",
  "{",
  "null",
  "7",
  '"text"',
  "{}",
  "[null, 1, [], {}]",
  `[{"signature": "no", "lastValidBlockHeight": "1", "what": "", "signedAt": ${Date.now()}}]`,
  `[{"signature": "${pending.signature}", "lastValidBlockHeight": "-1", "what": "", "signedAt": ${Date.now()}}]`,
  `[{"signature": "${pending.signature}", "lastValidBlockHeight": "1", "what": {}, "signedAt": ${Date.now()}}]`,
  `[{"signature": "${pending.signature}", "lastValidBlockHeight": "1", "what": "", "signedAt": "now"}]`,
])("given %s in the storage when it is read then nothing is waited for", async (garbage) => {
  keep(whose(), { ...one, signedAt: Date.now() });
  localStorage.setItem(stored(), garbage);
  page = await loaded();
  expect(page.unsettledOf(whose())).toEqual([]);
  await send();
  expect(sent).toBe(1);
});

test("given a storage that is forbidden when something is signed then it is sent all the same", async () => {
  const forbid = () => {
    throw new DOMException("no", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: forbid, setItem: forbid, removeItem: forbid });
  try {
    await page.actSettled(acting, ORDER, async ({ onSigned }) => onSigned!(sign));
    await send();
    expect(sent).toBe(1);
  } finally {
    vi.unstubAllGlobals();
  }
});
