import { market, oracle } from "@joulebook/client";
import { getBase58Decoder, type Address, type Signature } from "@solana/kit";
import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { lateOf, stepsOf, type Heads } from "../src/market/due";
import { healthOf, readHealth } from "../src/keeper/health";
import { HealthCard } from "../src/keeper/HealthCard";
import { useHealth } from "../src/keeper/queries";
import { costsOf, runOf, type Told } from "../src/keeper/runs";

vi.mock("../src/keeper/queries");

const { Phase } = market;
const NEVER = -(2n ** 63n);

/** Windows of 100 s, open 200 s before their start and closed 10 s before it; pages of 4 of them, corrected for 1,000 s. */
const terms = { horizon: 200, gateLead: 10 } as market.MarketTerms;
function heads(change: Partial<Heads> = {}): Heads {
  return {
    parameters: {
      ...{ terms, plannedTerms: terms, plannedTermsFrom: 2n ** 62n, windowSeconds: 100 },
      ...{ pageWindows: 4, books: 4, pages: 4, lastPage: 4_000n, endsAt: 2n ** 62n },
    },
    books: [],
    pages: [{ start: 4_000n, finalSeats: 0, seats: 3, slot: 2 }],
    intervalPages: [
      { start: 4_000n, correctionsUntil: 5_400n, finishedMeters: 0, capacity: 3, slot: 2 },
    ],
    ledger: { suppliers: [], seats: [] },
    unsettled: [],
    ...change,
  };
}
const book = (start: bigint, phase: market.Phase, slot: number) => ({
  ...{ start, end: start + 100n, gate: start - 10n, phase, slot },
});
const told = (of: Heads, now: bigint) =>
  stepsOf(of, now).map(({ kind, start, from }) => [kind, start, from]);

test("given a window whose gate has closed when looked at then it is to be cleared since then, and the open one later", () => {
  const books = [book(4_000n, Phase.Open, 0), book(4_100n, Phase.Open, 1)];
  const steps = told(heads({ books }), 3_995n);
  expect(steps).toContainEqual(["clear", 4_000n, 3_990n]);
  expect(steps).toContainEqual(["clear", 4_100n, 4_090n]);
});

test("given a cleared window when looked at then its orders wait for their contracts", () => {
  const books = [book(4_000n, Phase.Cleared, 0)];
  expect(told(heads({ books }), 4_005n)).toContainEqual(["allocate", 4_000n, 3_990n]);
});

test("given a page with windows that are not open when looked at then those of now are due, and the next one comes", () => {
  const books = [book(4_000n, Phase.Allocated, 0)];
  const steps = told(heads({ books }), 4_050n).filter(([kind]) => kind === "openWindow");
  // 4,100 and 4,200 have begun to be open; 4,300 opens at 4,100.
  expect(steps).toEqual([
    ["openWindow", 4_100n, 3_900n],
    ["openWindow", 4_200n, 4_000n],
    ["openWindow", 4_300n, 4_100n],
  ]);
});

test("given a page when its values are corrected no more then readings are finished, then the page", () => {
  const steps = told(heads(), 5_400n);
  expect(steps).toContainEqual(["finishIntervalPage", 4_000n, 5_400n]);
  expect(steps).toContainEqual(["finishPage", 4_000n, 5_400n]);
});

test("given the last page when looked at then the next one opens a page before its first window does", () => {
  // It starts at 4,400; its first window opens at 4,200.
  expect(told(heads(), 3_790n)).toContainEqual(["openPage", 4_400n, 3_800n]);
});

test("given a next page whose slot is not free when looked at then it is not due", () => {
  const pages = [{ start: 2_800n, finalSeats: 1, seats: 3, slot: 3 }];
  expect(told(heads({ pages }), 3_900n).map(([kind]) => kind)).not.toContain("openPage");
});

test("given slots that were never used when looked at then nothing is to be finished", () => {
  const of = heads({
    pages: [{ start: NEVER, finalSeats: 0, seats: 3, slot: 0 }],
    intervalPages: [
      { start: NEVER, correctionsUntil: 0n, finishedMeters: 0, capacity: 3, slot: 0 },
    ],
  });
  expect(told(of, 3_900n).map(([kind]) => kind)).toEqual(["openPage"]);
});

test("given a supplier with money and claims on it when looked at then they are to be paid", () => {
  const ledger = { suppliers: [{ claims: 5n, seat: 1 }], seats: [{ free: 0n }, { free: 7n }] };
  expect(told(heads({ ledger: ledger as never }), 3_900n)).toContainEqual([
    ...["payClaims", undefined, 3_900n],
  ]);
});

test("given windows with positions to settle when looked at then a step for their page, of those that are over", () => {
  const window = (end: bigint, positions: number) => ({
    ...{ page: 4_000n, end, graceUntil: end + 300n, positions },
  });
  const unsettled = [window(4_200n, 2), window(4_100n, 3), window(4_300n, 7)];
  const [settle] = stepsOf(heads({ unsettled }), 4_250n).filter(({ kind }) => kind === "settle");
  expect(settle).toEqual({
    ...{ kind: "settle", start: 4_000n, end: 4_400n, from: 4_100n, positions: 5 },
    // The grace of the first is over at 4,400.
    late: 4_550n,
  });
});

test("given steps when time goes by then each is late once a keeper that looks once a window has had its turn", () => {
  const of = heads({
    books: [book(4_000n, Phase.Cleared, 0), book(4_100n, Phase.Open, 1)],
    unsettled: [{ page: 4_000n, end: 4_100n, graceUntil: 4_200n, positions: 1 }],
  });
  const late = (now: bigint) =>
    lateOf(stepsOf(of, now), now).map(({ kind, start }) => [kind, start]);
  expect(late(4_049n)).not.toContainEqual(["allocate", 4_000n]);
  expect(late(4_050n)).toContainEqual(["allocate", 4_000n]);
  expect(late(4_149n)).not.toContainEqual(["clear", 4_100n]);
  expect(late(4_150n)).toContainEqual(["clear", 4_100n]);
  expect(late(4_349n)).not.toContainEqual(["settle", 4_000n]);
  expect(late(4_350n)).toContainEqual(["settle", 4_000n]);
  expect(late(5_549n)).not.toContainEqual(["finishPage", 4_000n]);
  expect(late(5_550n)).toContainEqual(["finishPage", 4_000n]);
});

const PAYER = "Keeper1111111111111111111111111111111111111" as Address;
const data = (bytes: ArrayLike<number>) => getBase58Decoder().decode(new Uint8Array(bytes));
const transaction = (err: unknown, ...instructions: [Address, string][]): Told => ({
  ...{ blockTime: 4_000n, meta: { fee: 5_000n, err } },
  transaction: {
    message: {
      accountKeys: [PAYER, ...instructions.map(([program]) => program)],
      instructions: instructions.map(([, data], at) => ({ programIdIndex: at + 1, data })),
    },
  },
});
const clear: [Address, string] = [market.MARKET_PROGRAM_ADDRESS, data(market.CLEAR_DISCRIMINATOR)];
const finish: [Address, string] = [
  oracle.ORACLE_PROGRAM_ADDRESS,
  data(oracle.FINISH_PAGE_DISCRIMINATOR),
];
const order: [Address, string] = [
  market.MARKET_PROGRAM_ADDRESS,
  data(market.PLACE_ORDERS_DISCRIMINATOR),
];
const unknown: [Address, string] = [PAYER, "2"];
const SIGNATURE = "SIGNATURE" as Signature;

test("given a keeper's transaction when read then its steps are counted, and nothing else", () => {
  const run = runOf(SIGNATURE, transaction(null, clear, clear, finish, order, unknown))!;
  expect([...run.steps]).toEqual([
    ["clear", 2],
    ["finishIntervalPage", 1],
  ]);
  expect(run).toMatchObject({ payer: PAYER, fee: 5_000n, hasFailed: false, time: 4_000n });
});

test("given runs when their costs are added up then what failed has cost its fee and cleared nothing", () => {
  const runs = [
    transaction(null, clear),
    transaction(null, clear, clear),
    transaction({ error: 1 }, clear),
  ].map((each) => runOf(SIGNATURE, each)!);
  expect(costsOf(runs)).toEqual({
    ...{ total: 15_000n, windows: 3, perWindow: 5_000n, failed: 1, payers: [PAYER] },
  });
});

test("given no cleared window when costs are added up then none is told for a window", () => {
  expect(costsOf([]).perWindow).toBeUndefined();
});

test.each([
  [null],
  [[]],
  ["ok"],
  [{ healthy: "yes", parts: {} }],
  [{ healthy: true }],
  [{ healthy: true, parts: null }],
])("given %j when read as a daemon's report then it is none", (report) => {
  expect(healthOf(report)).toBeUndefined();
});

test("given a server that forwards to nobody when asked for a daemon's health then its status is told", async () => {
  vi.stubGlobal("fetch", async () => new Response("Bad gateway", { status: 502 }));
  expect(await readHealth("/health/keeper")).toEqual({
    ...{ isHealthy: undefined, parts: [], status: 502 },
  });
  vi.unstubAllGlobals();
});

test("given daemons when shown then each says how it is, and what can't be reached is told", () => {
  vi.mocked(useHealth).mockReturnValue([
    { name: "keeper", health: { isHealthy: true, parts: [["sending", "ok"]] } },
    {
      name: "second keeper",
      health: { isHealthy: false, parts: [["market", "no RPC endpoint answers"]] },
    },
    { name: "indexer", health: { isHealthy: undefined, parts: [] } },
  ]);
  render(<HealthCard />);
  const items = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
  expect(items[0]).toContain("KeeperWorks");
  expect(items[1]).toContain("second keeperDoes not workmarket: no RPC endpoint answers");
  expect(items[2]).toContain("Can’t be reachedNothing answers there.");
});
