// What waits for a keeper, as an operator is told of it.

import { market as programs } from "@joulebook/client";
import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { FormatsProvider } from "../../src/format/use-formats";
import type { Heads } from "../../src/market/due";
import { Behind } from "../../src/operator/overview/Behind";

const chain = vi.hoisted(() => ({ heads: undefined as unknown, now: 0 }));
vi.mock("../../src/market/heads", () => ({ useHeads: () => ({ heads: chain.heads }) }));
vi.mock("../../src/market/queries", () => ({ useIndexerState: () => ({ data: undefined }) }));
vi.mock("../../src/operator/queries", () => ({
  useAllMeters: () => ({ data: [] }),
  useParticipants: () => ({ data: [] }),
}));
vi.mock("../../src/chain/market-context", () => ({
  useMarket: () => ({ addresses: { pageSeconds: 400 } }),
  useMarketState: () => ({ windows: [] }),
  useNow: () => chain.now,
}));

const { Cleared } = programs.Phase;
const terms = { horizon: 200, gateLead: 10 } as programs.MarketTerms;
const book = (start: bigint, slot: number) => ({
  ...{ start, end: start + 100n, gate: start - 10n, phase: Cleared, slot },
});
/** Two cleared windows of 100 s, and a page of before whose readings and positions nobody has finished. */
const heads: Heads = {
  parameters: {
    ...{ terms, plannedTerms: terms, plannedTermsFrom: 2n ** 62n, windowSeconds: 100 },
    ...{ pageWindows: 4, books: 4, pages: 4, lastPage: 4_000n, endsAt: 4_400n },
  },
  books: [book(4_000n, 0), book(4_100n, 1), book(4_200n, 2), book(4_300n, 3)],
  pages: [{ start: 2_800n, finalSeats: 1, seats: 3, slot: 3 }],
  intervalPages: [
    { start: 2_800n, correctionsUntil: 3_500n, finishedMeters: 1, capacity: 3, slot: 3 },
  ],
  ledger: { suppliers: [], seats: [] },
  unsettled: [
    { page: 2_800n, end: 2_900n, graceUntil: 3_000n, positions: 5 },
    { page: 2_800n, end: 3_000n, graceUntil: 3_100n, positions: 2 },
  ],
};
const shown = () => {
  render(
    <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
      <Behind />
    </FormatsProvider>,
  );
  return (label: string) => screen.getByText(label).parentElement!.textContent;
};

test("given cleared windows without contracts, positions and a page when nobody goes on then an operator is told of each", () => {
  chain.heads = heads;
  chain.now = 4_160;
  const stat = shown();
  // The window of 4,100 is late since its middle, that of 4,000 as well.
  expect(stat("Windows behind")).toMatch(/^Windows behind2Since .*Is a keeper running\?$/);
  expect(stat("Positions not settled")).toContain("settled7Since");
  // Its readings and its positions are one page.
  expect(stat("Pages behind")).toContain("behind1Since");
});

test("given a market that is up to date when it is shown then nothing is behind", () => {
  chain.heads = { ...heads, books: [], pages: [], intervalPages: [], unsettled: [] };
  chain.now = 4_160;
  const stat = shown();
  const labels = ["Windows behind", "Positions not settled", "Pages behind"];
  expect(labels.map(stat)).toEqual(labels.map((label) => `${label}0`));
});

test("given a chain that was not read when it is shown then nothing is claimed", () => {
  chain.heads = undefined;
  const stat = shown();
  expect(stat("Windows behind")).toBe("Windows behind–");
});

test("given rows of pages that were not read when it is shown then nothing is claimed of positions alone", () => {
  chain.heads = { ...heads, unsettled: undefined };
  const stat = shown();
  expect(stat("Positions not settled")).toBe("Positions not settled–");
  expect(stat("Pages behind")).toContain("behind1");
});
