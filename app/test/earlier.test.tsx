import { render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { billCsv } from "../src/bill/bill-csv";
import { correctionsByDay, sumOfCorrections } from "../src/bill/earlier";
import { EarlierDays } from "../src/bill/EarlierDays";
import { FormatsProvider } from "../src/format/use-formats";
import { account } from "./bill-example";

vi.mock("../src/chain/market-context", async (original) => ({
  ...(await original<object>()),
  useConfiguration: () => ({ timeZone: "Europe/Vienna", currency: "EUR" }),
  useMarketState: () => ({ market: { token: { decimals: 6 } } }),
}));

const DECIMALS = 6;
const correction = (time: string, tokens: string) => ({
  ...{ start: Date.parse(time) / 1_000, seen_at: 0, paid: { tokens, milli_atoms: 0 } },
});
const corrections = [
  // Half an hour into the 17th in Vienna.
  correction("2026-11-16T23:30:00Z", "-0.5"),
  correction("2026-11-17T12:00:00Z", "0.25"),
  correction("2026-11-18T12:00:00Z", "1.000000001"),
  correction("2026-11-18T12:15:00Z", "-1.000000001"),
  correction("2026-11-15T12:00:00Z", "0.1"),
];

test("given corrected windows when summed by day then in the reader's days, the latest first, without those that came to nothing", () => {
  const days = correctionsByDay(corrections, "Europe/Vienna", DECIMALS);
  expect(days).toEqual([
    { day: "2026-11-17", amount: -250_000_000n },
    { day: "2026-11-15", amount: 100_000_000n },
  ]);
  expect(sumOfCorrections(days)).toBe(-150_000_000n);
});

test("given corrections of earlier days when a bill is written as CSV then they are behind the total, which is without them", () => {
  const earlier = correctionsByDay(corrections, "Europe/Vienna", DECIMALS);
  const rows = billCsv({ account: account(), earlier }, DECIMALS).trim().split("\r\n");
  expect(rows.slice(-3)).toEqual([
    "total,,2",
    "corrected 2026-11-17,,-0.25",
    "corrected 2026-11-15,,0.1",
  ]);
});

test("given corrections of earlier days when they are shown then day by day, with their sum", () => {
  render(
    <FormatsProvider timeZone="Europe/Vienna" currency="EUR" decimals={DECIMALS}>
      <EarlierDays earlier={correctionsByDay(corrections, "Europe/Vienna", DECIMALS)} />
    </FormatsProvider>,
  );
  const rows = screen.getAllByRole("row").map((row) => row.textContent);
  expect(rows).toHaveLength(4);
  expect(rows[1]).toMatch(/November 17|17 November/);
  expect(rows[3]).toMatch(/0\.15$/);
});
