import { NO_LINES, proveBill, type BillProof } from "@joulebook/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { checkBill } from "../src/bill/check";
import type { Billed } from "../src/bill/queries";
import type { Indexer, Schemas } from "../src/indexer/client";

vi.mock(import("@joulebook/client"), async (original) => ({
  ...(await original()),
  proveBill: vi.fn(),
}));

const START = 1_795_000_500;
const PERIOD = { kind: "day", name: "2026-11-18" } as const;
const BILLED = { market: { token: { decimals: 6 } }, seat: 3, timeZone: "UTC" } as Billed;

/** What a household has in one window, before it is settled and after. */
function proofWith(short: bigint, isFinal = false): BillProof {
  return {
    ...{ windows: [{ start: BigInt(START), isFinal }], endings: [], lines: { ...NO_LINES, short } },
    ...{ since: 0n, until: BigInt(START + 900), unproven: [], intervals: { contradicted: 0 } },
  } as unknown as BillProof;
}

function position(paid: string): Schemas["PositionItem"] {
  return {
    ...{ start: START, bought_wh: 0, sold_wh: 0, import_wh: 500, export_wh: 0, meters_missing: 0 },
    ...{ paid: { tokens: paid }, is_final: false },
  } as Schemas["PositionItem"];
}

function indexerThatSays(...paid: string[]) {
  const positions = vi.fn(async () => [position(paid.length > 1 ? paid.shift()! : paid[0]!)]);
  const windows = async () => [
    {
      start: START,
      ...{ retail_price: { atoms_per_kwh: 300_000 }, feed_in_tariff: { atoms_per_kwh: 80_000 } },
    },
  ];
  return { positions, windows } as unknown as Indexer;
}

const check = (indexer: Indexer) => {
  const checked = checkBill(indexer, BILLED, PERIOD, {
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

describe("a bill and its proof", () => {
  test("given a window that is settled after the chain was read when the bill is checked then it is read again, and holds", async () => {
    vi.mocked(proveBill)
      .mockResolvedValueOnce(proofWith(0n))
      .mockResolvedValue(proofWith(150_000_000n));
    const { verdict, lines } = await check(indexerThatSays("0.15"));
    expect(verdict).toBe("holds");
    expect(lines.find(({ name }) => name === "short")!.proven).toBe(150_000_000n);
    expect(proveBill).toHaveBeenCalledTimes(2);
  });

  test("given an indexer a moment behind when the bill is checked then it is asked again, and the chain is not", async () => {
    vi.mocked(proveBill).mockResolvedValue(proofWith(150_000_000n));
    const { verdict } = await check(indexerThatSays("0", "0", "0.15"));
    expect(verdict).toBe("holds");
    expect(proveBill).toHaveBeenCalledTimes(1);
  });

  test("given an indexer that goes on saying something else when the bill is checked then it fails", async () => {
    vi.mocked(proveBill).mockResolvedValue(proofWith(150_000_000n));
    expect((await check(indexerThatSays("0.16"))).verdict).toBe("fails");
  });

  test("given windows that are final when the indexer says something else then nothing can have moved, and it fails at once", async () => {
    vi.mocked(proveBill).mockResolvedValue(proofWith(150_000_000n, true));
    expect((await check(indexerThatSays("0.16"))).verdict).toBe("fails");
    expect(proveBill).toHaveBeenCalledTimes(1);
  });
});
