import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import {
  BILL_LINES,
  type BillProof,
  type Evidence,
  type ProvenWindow,
  type UnprovenReason,
} from "@joulebook/client";
import { describe, expect, test, vi } from "vitest";

import { BillSheet } from "../src/bill/BillSheet";
import type { Check } from "../src/bill/compare";
import { CheckResult } from "../src/bill/CheckResult";
import { FormatsProvider } from "../src/format/use-formats";
import { account, bill, EURO } from "./bill-example";

// Whoever clicks takes time where many tests run.
vi.setConfig({ testTimeout: 30_000 });

const window = {
  ...{ start: 1_795_000_500n, deviation: 500n, due: 150_000_000n, isFinal: false },
  position: { bought: 1_000, sold: 0, paid: 150_000_000n },
  flow: { import: 1_500n, export: 0n, meters: 1, missing: 0 },
  entries: [
    {
      ...{ meter: 7, import: 1_500, export: 0, quality: 2, evidence: "signed" },
      from: [
        { transaction: "Before", signature: new Uint8Array(64).fill(1) },
        { transaction: "After", signature: new Uint8Array(64).fill(2) },
      ],
    },
  ],
} as unknown as ProvenWindow;

const NONE: Record<Evidence, number> = {
  ...{ signed: 0, replaced: 0, missing: 0, unsigned: 0, contradicted: 0 },
};

function checkWith(
  verdict: Check["verdict"],
  change: Partial<BillProof> = {},
  proven = 200n,
): Check {
  const unproven: readonly { since: bigint; until: bigint; why: UnprovenReason }[] = [];
  const witness = { what: "positions", address: "PageAddress", slot: 77n, windows: 1 };
  const proof = {
    ...{ windows: [window], intervals: { ...NONE, signed: 1 }, verified: 2, refused: 0 },
    ...{ meters: [{}], witnesses: [witness], transactions: [], unproven, requests: 12 },
    ...change,
  } as unknown as BillProof;
  const lines = BILL_LINES.map((name) => ({ name, billed: 200n, proven }));
  return { proof, verdict, account: account(), windows: 3, isMonth: false, lines, apart: 0n };
}

const shown = (check: Check, now = check.account!) =>
  render(
    <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
      <CheckResult
        check={check}
        shown={now}
        explorer="https://explorer.example.org/tx/{signature}"
      />
    </FormatsProvider>,
  );

describe("a check", () => {
  test("given a bill that holds when its check is shown then each step says so, and the signature is there to look at", async () => {
    const user = userEvent.setup();
    shown(checkWith("holds"));
    expect(screen.getByText("The bill holds: every amount on it is proven.")).toBeTruthy();
    expect(screen.getAllByRole("img", { name: "Holds" })).toHaveLength(3);
    expect(screen.queryByText("What could not be checked")).toBeNull();
    const details = screen.getByText("Window by window, with signatures").closest("details")!;
    await user.click(within(details).getByText("Window by window, with signatures"));
    details.open = true;
    details.dispatchEvent(new Event("toggle"));
    const cells = (await within(details).findAllByRole("cell")).map(
      ({ textContent }) => textContent,
    );
    expect(cells.slice(0, 5)).toEqual(["1", "1.5", "0.5", "€0.15", "signed"]);
    const link = within(details).getByRole("link") as HTMLAnchorElement;
    expect(link.href).toBe("https://explorer.example.org/tx/After");
  });

  test("given a bill that says something else when its check is shown then it is an alarm, and the line is named", () => {
    shown(checkWith("fails", {}, 201n));
    expect(screen.getByRole("alert").textContent).toContain("does not agree with the chain");
    expect(screen.getByText("8 lines are others than on the bill.")).toBeTruthy();
    expect(screen.getAllByRole("img", { name: "Does not hold" })).toHaveLength(1);
  });

  test("given a bill that has gone on since its check when that is shown then it says what was checked", () => {
    shown(checkWith("holds"), account({ total: 3n * EURO }));
    expect(screen.getByText("The bill has gone on since this check.")).toBeTruthy();
    expect(screen.getByText(/What was checked came to €2.00/)).toBeTruthy();
  });

  test("given a sum that its lines do not come to when that is shown then no step says that the lines are all", () => {
    shown(checkWith("fails"));
    expect(screen.getByText(/the bill’s sum or windows are not/)).toBeTruthy();
    expect(screen.getAllByRole("img", { name: "Does not hold" })).toHaveLength(1);
  });

  test("given what came to light after silence when a day's check is shown then it says that the day's bill has not got it", () => {
    shown({ ...checkWith("partly"), apart: 5n * EURO });
    expect(screen.getByText(/€5.00, is on the month’s bill/)).toBeTruthy();
  });

  test("given values without a signature, and accounts that were used again, when shown then it says which, and why", () => {
    const unproven: BillProof["unproven"] = [
      { since: 1_795_000_000n, until: 1_795_000_500n, why: "pageGone" },
      { since: 1_795_001_000n, until: 1_795_002_000n, why: "notOver" },
    ];
    shown(checkWith("partly", { unproven, intervals: { ...NONE, signed: 1, unsigned: 2 } }));
    expect(screen.getByText("What can be checked of it holds.")).toBeTruthy();
    expect(screen.getByText(/For 2 values no signature is kept./)).toBeTruthy();
    const items = screen.getAllByRole("listitem").map(({ textContent }) => textContent);
    expect(items.at(-2)).toContain("The chain has used these accounts again");
    expect(items.at(-1)).toContain("This time is not over yet.");
    expect(screen.getAllByRole("img", { name: "Open in part" })).toHaveLength(1);
  });
});

describe("a sheet", () => {
  const sheet = (of: Parameters<typeof BillSheet>[0]["bill"]) =>
    render(
      <FormatsProvider timeZone="UTC" currency="EUR" decimals={6}>
        <BillSheet bill={of} />
      </FormatsProvider>,
    );

  test("given a bill when it is shown then each line has a row, and the sum is below", () => {
    sheet(bill());
    const table = screen.getByRole("table", { name: "Your bill" });
    expect(within(table).getAllByRole("row")).toHaveLength(BILL_LINES.length + 2);
    expect(within(table).getByRole("row", { name: "To pay €2.00" })).toBeTruthy();
    expect(screen.getByText(/Final: nothing of it changes any more./)).toBeTruthy();
  });

  test("given a bill that was kept when amounts are others now then a credit note says which", () => {
    const amounts = Object.fromEntries(BILL_LINES.map((name) => [name, 0n])) as Record<
      (typeof BILL_LINES)[number],
      bigint
    >;
    const kept = { keptAt: 1_794_000_000, total: 3_000_000_000n, amounts };
    sheet(bill({ kept: { ...kept, amounts: { ...amounts, bought: 3_000_000_000n } } }));
    const note = screen.getByRole("table", { name: /^Changed since .*2026$/ });
    const rows = within(note)
      .getAllByRole("row")
      .map(({ textContent }) => textContent);
    expect(rows).toEqual([
      "ForThenNowDifference",
      "Bought from neighbours€3.00€2.00-€1.00",
      "In all€3.00€2.00-€1.00",
    ]);
    expect(screen.getByRole("heading", { name: /^Credit note/ })).toBeTruthy();
  });
});
