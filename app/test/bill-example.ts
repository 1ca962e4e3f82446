// A final bill of a month for tests: 10 kWh bought for 2 euros, which the supplier would have asked 3 for.

import { BILL_LINES } from "@joulebook/client";
import { type Account } from "../src/bill/account";
import type { Bill } from "../src/bill/bill";

export const EURO = 1_000_000_000n;

export const account = (change: Partial<Account> = {}): Account => ({
  lines: {
    ...(Object.fromEntries(
      BILL_LINES.map((name) => [name, { energy: undefined, amount: 0n }]),
    ) as Account["lines"]),
    bought: { energy: 10_000, amount: 2n * EURO },
  },
  ...{ total: 2n * EURO, compared: { paid: 2n * EURO, alone: 3n * EURO }, flows: undefined },
  ...{ imported: 10_000, exported: 0, windows: 96, provisional: 0, unheard: 0, unsettled: 0 },
  isComplete: true,
  ...change,
});

export const bill = (change: Partial<Bill> = {}): Bill => ({
  ...{ account: account(), period: { kind: "month", name: "2026-10" }, isOver: true },
  ...{ household: "Wallet", seat: 3, market: "Market", madeAt: 1_795_000_000 },
  ...change,
});
