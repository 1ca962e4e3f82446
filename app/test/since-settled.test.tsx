// A bill's own windows that were corrected after they had been settled: told also where this browser has kept no bill.

import type { MarketHandle } from "@joulebook/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { billCsv } from "../src/bill/bill-csv";
import { BillPage } from "../src/bill/BillPage";
import { BillSheet } from "../src/bill/BillSheet";
import { FormatsProvider } from "../src/format/use-formats";
import { Indexer, type Schemas } from "../src/indexer/client";
import { account, bill, EURO } from "./bill-example";

const { indexer } = vi.hoisted(() => ({ indexer: { current: undefined as unknown } }));
const NOW = Date.parse("2026-12-05T12:00:00Z") / 1_000;
vi.mock("../src/indexer/context", () => ({ useIndexer: () => indexer.current }));
vi.mock("../src/market/community", () => ({ useCommunity: () => ({ data: undefined }) }));
vi.mock("../src/chain/market-context", () => ({
  useConfiguration: () => ({ timeZone: "Europe/Vienna", currency: "EUR", explorer: null }),
  useNow: () => NOW,
}));
vi.mock("../src/bill/BillCheck", () => ({ BillCheck: () => null }));
vi.mock("@joulebook/client", async (original) => ({
  ...(await original<object>()),
  readMeters: async () => [],
}));

/** What the indexer was asked, as path and question. */
let asked: string[] = [];
const answers = new Map<string, (query: URLSearchParams) => object>();
beforeEach(() => {
  asked = [];
  answers.clear();
  indexer.current = new Indexer("http://127.0.0.1/indexer", "Market");
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname, searchParams } = new URL(request.url);
    const name = pathname.split("/").at(-1)!;
    asked.push(`${name}?${searchParams}`);
    return Response.json(answers.get(name)?.(searchParams) ?? { items: [] });
  });
});
afterEach(() => vi.unstubAllGlobals());

const at = (time: string) => Date.parse(time) / 1_000;
const money = (tokens: string): Schemas["Money"] => ({ tokens, milli_atoms: 0 });
const correction = (time: string, tokens: string) => ({
  ...{ start: at(time), seen_at: NOW, paid: money(tokens) },
});
/** It drew what it has paid so many tokens for. */
const position = (time: string, tokens: string, energy: number) => ({
  ...{ start: at(time), seat: 3, bought_wh: 0, sold_wh: 0, import_wh: energy, export_wh: 0 },
  ...{ earns: money("0"), locked: money("0"), paid: money(tokens), meters: 1, meters_missing: 0 },
  ...{ is_certain: true, is_confirmed: true, is_final: true },
});
const price = (atoms: number) => ({ atoms_per_kwh: atoms, tokens_per_kwh: "" });
const windowAt = (time: string) => ({
  ...{ start: at(time), price: null, grid_fee: price(0), market_fee: price(0) },
  ...{ retail_price: price(300_000), feed_in_tariff: price(80_000) },
});
const none = money("0");
const monthly = (tokens: string) => ({
  ...{ seat: 3, household: "Wallet", bought: none, sold: none, grid_fee: none, market_fee: none },
  ...{ imbalance_short: money(tokens), imbalance_long: none, unheard: none, after_silence: none },
  ...{ total: money(tokens), earlier_months: none, bought_wh: 0, sold_wh: 0, import_wh: 10_000 },
  ...{ export_wh: 0, unseen_import_wh: 0, unseen_export_wh: 0, windows: 3, windows_unsettled: 0 },
  ...{ windows_unheard: 0, windows_provisional: 0, pages_unknown: 0 },
});

const FIRST = "2026-11-16T23:30:00Z";
const SECOND = "2026-11-17T12:00:00Z";
const OTHER = "2026-11-20T12:00:00Z";
/** November: 3 tokens on the 17th in Vienna, where 4 had been paid, and 1 on the 20th, which stayed as it was. */
function november() {
  const since = at("2026-10-31T23:00:00Z");
  const until = at("2026-11-30T23:00:00Z");
  const within = (query: URLSearchParams, items: { start: number }[]) => ({
    items: items.filter(
      ({ start }) => start >= Number(query.get("since")) && start < Number(query.get("until")),
    ),
  });
  answers.set("bills", (query) =>
    query.get("month") === "2026-11"
      ? { since, until, is_complete: true, items: [monthly("4")], next: null }
      : { since, until, is_complete: true, items: [], next: null },
  );
  answers.set("positions", (query) =>
    within(query, [
      position(FIRST, "1.5", 5_000),
      position(SECOND, "1.5", 5_000),
      position(OTHER, "1", 3_333),
    ]),
  );
  answers.set("windows", (query) => within(query, [FIRST, SECOND, OTHER].map(windowAt)));
  const corrections = [
    correction("2026-10-20T12:00:00Z", "9"),
    correction(FIRST, "-1.25"),
    correction(SECOND, "0.25"),
    // Of which nothing is left.
    correction(OTHER, "0"),
  ];
  answers.set("corrections", (query) => {
    // What was seen in November of October.
    if (query.has("until")) return { items: [] };
    const before = Number(query.get("before"));
    const after = Number(query.get("after") ?? -1);
    const some = corrections.filter(({ start }) => start < before && start > after);
    // In parts of two.
    const items = some.slice(0, 2);
    return { items, next: some.length > 2 ? String(items.at(-1)!.start) : null };
  });
}

const market = {
  ...{ owner: "Wallet", addresses: { market: "Market" }, token: { decimals: 6 } },
  parameters: { windowSeconds: 900 },
} as unknown as MarketHandle;
const shown = (part: React.ReactNode) =>
  render(
    <QueryClientProvider client={new QueryClient()}>
      <FormatsProvider timeZone="Europe/Vienna" currency="EUR" decimals={6}>
        {part}
      </FormatsProvider>
    </QueryClientProvider>,
  );
const page = () => shown(<BillPage market={market} seat={3} since={0} besideMonth={() => null} />);
const TITLE = "Corrected since it was first settled";
const rows = async () =>
  within(await screen.findByRole("table", { name: TITLE }))
    .getAllByRole("row")
    .slice(1)
    .map((row) => [...row.children].map(({ textContent }) => textContent));

test("given a month whose windows were corrected when its bill is opened for the first time here then each day says what it was, and is", async () => {
  november();
  page();
  await userEvent.click(await screen.findByRole("button", { name: "Earlier" }));
  expect(await rows()).toEqual([
    [expect.stringContaining("November 17"), "€4.00", "€3.00", "-€1.00"],
    ["The bill", "€5.00", "€4.00", "-€1.00"],
  ]);
  const heading = screen.getByRole("heading", { name: `Credit note: ${TITLE}` });
  expect(heading).toBeTruthy();
  // All that was seen since, of windows before the month's end.
  expect(asked).toContain(
    `corrections?since=${at("2026-10-31T23:00:00Z")}&before=${at("2026-11-30T23:00:00Z")}&limit=1000`,
  );
});

test("given a year when it is billed then by its months", async () => {
  november();
  page();
  await userEvent.click(await screen.findByRole("radio", { name: "Year" }));
  expect((await rows())[1]).toEqual(["November 2026", "€5.00", "€4.00", "-€1.00"]);
  expect((await rows())[0]![0]).toBe("October 2026");
});

test("given nothing that was corrected when a bill is shown then nothing is said of it", async () => {
  november();
  answers.delete("corrections");
  page();
  await userEvent.click(await screen.findByRole("button", { name: "Earlier" }));
  await screen.findAllByText("To pay");
  await vi.waitFor(() => expect(asked.some((each) => each.startsWith("corrections"))).toBe(true));
  expect(screen.queryByText(TITLE)).toBeNull();
});

test("given corrections of a day when it is shown then by window, and an addition is called one", () => {
  const changed = [{ name: String(at(SECOND)), before: 0n, now: EURO / 50n }];
  shown(<BillSheet bill={bill({ period: { kind: "day", name: "2026-11-17" }, changed })} />);
  const table = screen.getByRole("table", { name: TITLE });
  expect(within(table).getByRole("rowheader", { name: /^(1:00 PM|13:00|01:00 PM)$/ })).toBeTruthy();
  expect(screen.getByRole("heading", { name: `Additional charge: ${TITLE}` })).toBeTruthy();
});

test("given corrections when a bill is written as CSV then behind the total, which has them", () => {
  const changed = [{ name: "2026-11-17", before: 4n * EURO, now: 3n * EURO }];
  const csv = billCsv({ account: account(), changed }, 6).trim().split("\r\n");
  expect(csv.slice(-2)).toEqual(["total,,2", "changed 2026-11-17,,-1"]);
});
