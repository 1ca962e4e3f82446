import {
  NO_LINES,
  proveBill,
  totalOf,
  type BillProof,
  type UnprovenReason,
} from "@joulebook/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { checkBill } from "../src/bill/check";
import type { Billed } from "../src/bill/queries";
import type { Period } from "../src/format/period";
import type { Indexer, Schemas } from "../src/indexer/client";

vi.mock(import("@joulebook/client"), async (original) => ({
  ...(await original()),
  proveBill: vi.fn(),
}));

const START = 1_795_000_500;
const DAY: Period = { kind: "day", name: "2026-11-18" };
const MONTH: Period = { kind: "month", name: "2026-11" };
const BILLED = {
  ...{ market: { token: { decimals: 6 }, parameters: { windowSeconds: 900 } }, seat: 3 },
  ...{ since: 0, timeZone: "UTC" },
} as Billed;

type Spans = readonly [number, number, UnprovenReason][];

/** A household drew what costs `short` milli-atoms in one window. */
function proofWith(
  short: bigint,
  {
    isFinal = false,
    afterSilence = 0n,
    since = 0,
    open = [],
  }: { isFinal?: boolean; afterSilence?: bigint; since?: number; open?: Spans } = {},
): BillProof {
  const lines = { ...NO_LINES, short };
  const all = { ...lines, afterSilence };
  return {
    windows: [
      {
        ...{ start: BigInt(START), isFinal, lines },
        ...{ position: { bought: 0, sold: 0 }, flow: { import: 500n, export: 0n } },
      },
    ],
    ...{
      endings: [],
      lines: all,
      since: BigInt(since),
      until: BigInt(START + 900),
      intervals: { contradicted: 0 },
    },
    unproven: open.map(([since, until, why]) => ({
      ...{ since: BigInt(since), until: BigInt(until), why },
    })),
    total: totalOf(all),
  } as unknown as BillProof;
}

function position(paid: string, change: Partial<Schemas["PositionItem"]> = {}) {
  return {
    ...{ start: START, bought_wh: 0, sold_wh: 0, import_wh: 500, export_wh: 0, meters_missing: 0 },
    ...{ paid: { tokens: paid }, is_final: false, ...change },
  } as Schemas["PositionItem"];
}

const window = (start: number) => ({
  start,
  ...{ retail_price: { atoms_per_kwh: 300_000 }, feed_in_tariff: { atoms_per_kwh: 80_000 } },
});

const money = (tokens: string) => ({ tokens });
const billWith = (change: object = {}) => ({
  ...{ bought: money("0"), sold: money("0"), grid_fee: money("0"), market_fee: money("0") },
  ...{ imbalance_short: money("0.15"), imbalance_long: money("0"), unheard: money("0") },
  ...{ after_silence: money("0"), total: money("0.15"), windows: 1, until: START + 900 },
  ...{ isComplete: true, ...change },
});

/** Says the positions one after the other, the last ones again and again. */
function indexerThatSays(positions: Schemas["PositionItem"][][], bill: object = billWith()) {
  return {
    positions: async () => (positions.length > 1 ? positions.shift()! : positions[0]!),
    windows: async () => [START, START + 1, START + 900].map(window),
    bill: async () => bill,
  } as unknown as Indexer;
}

const paid = (...all: string[]) => all.map((each) => [position(each)]);

const check = (indexer: Indexer, period = DAY) => {
  const checked = checkBill(indexer, BILLED, period, {
    now: () => START + 10_000,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  return vi.runAllTimersAsync().then(() => checked);
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.mocked(proveBill).mockReset();
});
const SHORT = 150_000_000n;
const proves = (...proofs: BillProof[]) => {
  for (const proof of proofs.slice(0, -1)) vi.mocked(proveBill).mockResolvedValueOnce(proof);
  vi.mocked(proveBill).mockResolvedValue(proofs.at(-1)!);
};

describe("a bill and its proof", () => {
  test("given a window that is settled after the chain was read when the bill is checked then it is read again, and holds", async () => {
    proves(proofWith(0n), proofWith(SHORT));
    const { verdict, lines } = await check(indexerThatSays(paid("0.15")));
    expect(verdict).toBe("holds");
    expect(lines.find(({ name }) => name === "short")!.proven).toBe(SHORT);
    expect(proveBill).toHaveBeenCalledTimes(2);
  });

  test("given an indexer a moment behind when the bill is checked then it is asked again, and the chain is not", async () => {
    proves(proofWith(SHORT));
    expect((await check(indexerThatSays(paid("0", "0", "0.15")))).verdict).toBe("holds");
    expect(proveBill).toHaveBeenCalledTimes(1);
  });

  test("given windows that may still change when the indexer goes on saying something else then nobody is blamed, and it does not hold", async () => {
    proves(proofWith(SHORT));
    expect((await check(indexerThatSays(paid("0.16")))).verdict).toBe("behind");
  });

  test("given windows that are final when the indexer says something else then nothing can have moved, and it fails at once", async () => {
    proves(proofWith(SHORT, { isFinal: true }));
    const says = [[position("0.16", { is_final: true })]];
    expect((await check(indexerThatSays(says))).verdict).toBe("fails");
    expect(proveBill).toHaveBeenCalledTimes(1);
  });

  test("given an indexer that does not know yet that a window is final when it is checked then it is behind", async () => {
    proves(proofWith(SHORT, { isFinal: true }), proofWith(SHORT));
    expect((await check(indexerThatSays(paid("0.16")))).verdict).toBe("behind");
  });
});

describe("a bill that is shown", () => {
  test.each([
    ["lines that its windows do not come to", { imbalance_short: money("99"), total: money("99") }],
    ["another sum than its lines", { total: money("150") }],
    ["energy after silence that never was", { after_silence: money("1"), total: money("1.15") }],
  ])("given %s when it is checked then it fails", async (_, change) => {
    proves(proofWith(SHORT, { isFinal: true }));
    const says = [[position("0.15", { is_final: true })]];
    expect((await check(indexerThatSays(says), MONTH)).verdict).toBe("holds");
    expect((await check(indexerThatSays(says, billWith(change)), MONTH)).verdict).toBe("fails");
  });

  test("given a window that the chain does not have when its day is checked then it fails", async () => {
    proves(proofWith(SHORT, { isFinal: true }));
    const says = [[position("0.15"), position("5", { start: START + 1 })]];
    expect((await check(indexerThatSays(says))).verdict).toBe("fails");
  });

  test("given other energies for the same amounts when a bill is checked then it fails", async () => {
    proves(proofWith(SHORT, { isFinal: true }));
    const change = { import_wh: 1_500, export_wh: 1_000, is_final: true };
    expect((await check(indexerThatSays([[position("0.15", change)]]))).verdict).toBe("fails");
  });

  test("given a window that is called final too early when it is checked then it does not hold", async () => {
    proves(proofWith(SHORT));
    const says = [[position("0.15", { is_final: true })]];
    expect((await check(indexerThatSays(says))).verdict).toBe("behind");
  });

  test("given amounts of windows to come when a month is checked then it fails", async () => {
    const tomorrow = START + 90_000;
    proves(proofWith(SHORT, { open: [[START + 900, START + 200_000, "notOver"]] }));
    const bill = billWith({ imbalance_short: money("5.15"), total: money("5.15"), windows: 2 });
    const says = [[position("0.15"), position("5", { start: tomorrow })]];
    const indexer = {
      ...indexerThatSays(says, bill),
      windows: async () => [START, tomorrow].map(window),
    };
    expect((await check(indexer as unknown as Indexer, MONTH)).verdict).toBe("fails");
  });

  test("given a seat that was another's when its new owner's first month is checked then that is in nobody's way", async () => {
    proves(proofWith(SHORT, { isFinal: true, since: START }));
    const before = position("7", { start: START - 900, is_final: true });
    const says = [[before, position("0.15", { is_final: true })]];
    const windows = async () => [START - 900, START].map(window);
    const indexer = { ...indexerThatSays(says), windows } as unknown as Indexer;
    const { verdict, windows: count } = await check(indexer, MONTH);
    expect([verdict, count]).toEqual(["holds", 1]);
  });

  test("given pages that are gone when a month with energy after silence is checked then that is told as unchecked", async () => {
    proves(proofWith(SHORT, { open: [[START - 900, START, "pageGone"]] }));
    const bill = billWith({ after_silence: money("1"), total: money("1.15") });
    const { verdict, apart, isMonth } = await check(indexerThatSays(paid("0.15"), bill), MONTH);
    expect([verdict, apart, isMonth]).toEqual(["partly", 1_000_000_000n, true]);
  });

  test("given windows of before a household was let in when it is checked then they are in nobody's way", async () => {
    proves(proofWith(SHORT));
    const before = { start: START + 1, import_wh: 0 };
    const { verdict, windows } = await check(
      indexerThatSays([[position("0", before), position("0.15")]]),
    );
    expect([verdict, windows]).toEqual(["holds", 1]);
  });

  test("given a window whose account is gone, or that an endpoint says is not over, when it is checked then not all of it is proven", async () => {
    const says = [[position("0.15"), position("5", { start: START + 900 })]];
    for (const why of ["pageGone", "notOver"] as const) {
      proves(proofWith(SHORT, { open: [[START + 900, START + 1_800, why]] }));
      expect((await check(indexerThatSays(says))).verdict).toBe("partly");
    }
  });

  test("given what came to light after silence when a day is checked then it says that the day has not got it", async () => {
    proves(proofWith(SHORT, { afterSilence: 5n }));
    const { verdict, apart } = await check(indexerThatSays(paid("0.15")));
    expect([verdict, apart]).toEqual(["partly", 5n]);
  });

  test("given a household that came back when its month is checked then what it had before is in nobody's way", async () => {
    proves(proofWith(SHORT, { isFinal: true, open: [[0, START, "beforeReturn"]] }));
    const bill = billWith({ after_silence: money("1"), total: money("1.15") });
    expect((await check(indexerThatSays(paid("0.15"), bill), MONTH)).verdict).toBe("partly");
  });
});
