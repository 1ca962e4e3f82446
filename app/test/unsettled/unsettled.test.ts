import { generateKeyPairSigner, getBase58Decoder, type Signature } from "@solana/kit";
import { beforeEach, expect, test, vi } from "vitest";

import { keep, readKept, type Unsettled } from "../../src/household/unsettled/kept";
import type { Acting } from "../../src/household/unsettled/unsettled";
import { actingOn, newChain, pending, type Chain } from "./chain";

type Page = typeof import("../../src/household/unsettled/unsettled");

type Client = typeof import("@joulebook/client");
let FateUnknownError: Client["FateUnknownError"];
let RefusedError: Client["RefusedError"];

/** The page as it is loaded anew: it knows what the storage has. */
async function loaded(): Promise<Page> {
  vi.resetModules();
  ({ FateUnknownError, RefusedError } = await import("@joulebook/client"));
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

test("given a ledger that does not go back so far when the button is pressed then nobody knows, and whoever presses once more means it", async () => {
  await expect(giveUp()).rejects.toThrow(FateUnknownError);
  page = await loaded();
  chain.height = 10_000n;
  chain.firstBlock = 41n;
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("ForgottenError");
  expect(sent).toBe(0);
  await send();
  expect(sent).toBe(1);
  expect(readKept(whose())).toEqual([]);
});

test("given one that has landed and one of which nobody knows when the button is pressed then each is told by itself", async () => {
  const other = {
    ...pending,
    signature: getBase58Decoder().decode(new Uint8Array(64).fill(7)) as Signature,
  };
  for (const [each, fate] of [
    [pending, "landed"],
    [other, "forgotten"],
  ] as const)
    keep(whose(), { pending: each, what: ORDER, signedAt: Date.now(), fate });
  const told = [];
  for (let presses = 0; presses < 2; presses++)
    told.push(nameOf(await send().catch((thrown: unknown) => thrown)));
  expect(told).toEqual(["LandedAfterAllError", "ForgottenError"]);
  await send();
  expect(sent).toBe(1);
});

test("given a node that is far behind when the page is loaded again then what was signed is not taken for impossible", async () => {
  keep(whose(), {
    pending: { ...pending, signedAfter: 5_000n, lastValidBlockHeight: 5_100n },
    ...{ what: ORDER, signedAt: Date.now() },
  });
  chain.height = 3_000n;
  setTimeout(() => {
    chain.height = 6_000n;
    chain.landed = true;
  }, 50);
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("LandedAfterAllError");
  expect(sent).toBe(0);
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
    throw new RefusedError("GateClosed", "too late", "market", 1, []);
  });
  await expect(refused).rejects.toThrow("too late");
  expect(readKept(whose())).toEqual([]);
});

test("given an error that proves nothing when something was signed then it is kept, and waited for", async () => {
  const broken = page.actSettled(acting, ORDER, async ({ onSigned }) => {
    await onSigned!(sign);
    throw new SyntaxError("no JSON");
  });
  await expect(broken).rejects.toThrow(FateUnknownError);
  expect(readKept(whose())).toHaveLength(1);
  expect(page.unsettledOf(whose())).toHaveLength(1);
  chain.landed = true;
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("LandedAfterAllError");
  expect(sent).toBe(0);
});

test("given an error before anything was signed when it is done then it is told as it is", async () => {
  const broken = page.actSettled(acting, ORDER, () => Promise.reject(new SyntaxError("no JSON")));
  await expect(broken).rejects.toThrow(SyntaxError);
  expect(page.unsettledOf(whose())).toEqual([]);
});

test("given what was told and not read when the page is loaded again then it is told again", async () => {
  void vanish();
  page = await loaded();
  chain.landed = true;
  await page.settled(acting.connection, whose(), page.unsettledOf(whose())[0]!);
  page = await loaded();
  expect(page.unsettledOf(whose())).toMatchObject([{ what: ORDER, fate: "landed" }]);
  page.dismiss(whose(), pending.signature);
  page = await loaded();
  expect(page.unsettledOf(whose())).toEqual([]);
});

test("given an order that another tab has signed meanwhile when the button is pressed then it is waited for", async () => {
  expect(page.unsettledOf(whose())).toEqual([]);
  keep(whose(), { ...one, signedAt: Date.now() });
  chain.landed = true;
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("LandedAfterAllError");
  expect(sent).toBe(0);
});

test("given another tab in which one is on its way when the button is pressed then nothing is sent", async () => {
  const held = new Set<string>();
  const request = async (name: string, _: unknown, act: (lock: unknown) => Promise<unknown>) =>
    act(held.has(name) ? null : (held.add(name), {})).finally(() => held.delete(name));
  Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
  try {
    void vanish();
    const other = await loaded();
    const press = () => other.actSettled(acting, "You deposit 10.00 €", async () => ++sent);
    expect(nameOf(await press().catch((thrown: unknown) => thrown))).toBe("OnItsWayError");
    expect(sent).toBe(0);
  } finally {
    Reflect.deleteProperty(navigator, "locks");
  }
});

test("given locks that the browser forbids when the button is pressed then it is sent all the same", async () => {
  const request = () => Promise.reject(new DOMException("no", "SecurityError"));
  Object.defineProperty(navigator, "locks", { value: { request }, configurable: true });
  try {
    await send();
    expect(sent).toBe(1);
  } finally {
    Reflect.deleteProperty(navigator, "locks");
  }
});

test("given a block in the storage that no transaction waits for when it is looked up then it is in nobody's way", async () => {
  const never = { ...pending, lastValidBlockHeight: 9_999_999n };
  keep(whose(), { ...one, pending: never, signedAt: Date.now() });
  page = await loaded();
  await send();
  expect(sent).toBe(1);
  expect(readKept(whose())).toEqual([]);
});

test("given such a block of something that has landed when it is looked up then that is told", async () => {
  const never = { ...pending, lastValidBlockHeight: 9_999_999n };
  keep(whose(), { ...one, pending: never, signedAt: Date.now() });
  page = await loaded();
  chain.landed = true;
  expect(nameOf(await send().catch((thrown: unknown) => thrown))).toBe("LandedAfterAllError");
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
