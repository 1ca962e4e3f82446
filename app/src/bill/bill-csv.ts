// A bill as a table for a spreadsheet: names that stay, points for decimals, amounts to the last digit.

import { BILL_LINES, formatDecimal, MILLI_ATOM_DECIMALS } from "@joulebook/client";

import type { Bill } from "./bill";

export function billCsv(
  { account, earlier, changed }: Pick<Bill, "account" | "earlier" | "changed">,
  decimals: number,
) {
  const money = (amount: bigint) => formatDecimal(amount, decimals + MILLI_ATOM_DECIMALS);
  const rows = BILL_LINES.map((name) => {
    const { energy, amount } = account.lines[name];
    return [name, energy === undefined ? "" : formatDecimal(BigInt(energy), 3), money(amount)];
  });
  // Behind the total: they are in the bills of their own days.
  const days = (earlier ?? []).map(({ day, amount }) => [`corrected ${day}`, "", money(amount)]);
  // In the total: what it is more than it was when it was first settled.
  const since = (changed ?? []).map(({ name, before, now }) => [
    ...[`changed ${name}`, "", money(now - before)],
  ]);
  const total = ["total", "", money(account.total)];
  return [["line", "energy_kwh", "amount_tokens"], ...rows, total, ...since, ...days]
    .map((cells) => `${cells.join(",")}\r\n`)
    .join("");
}
