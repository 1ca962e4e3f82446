// A bill as a table for a spreadsheet: names that stay, points for decimals, amounts to the last digit.

import { BILL_LINES, formatDecimal, MILLI_ATOM_DECIMALS } from "@joulebook/client";

import { type Account } from "./account";

export function billCsv(account: Account, decimals: number): string {
  const money = (amount: bigint) => formatDecimal(amount, decimals + MILLI_ATOM_DECIMALS);
  const rows = BILL_LINES.map((name) => {
    const { energy, amount } = account.lines[name];
    return [name, energy === undefined ? "" : formatDecimal(BigInt(energy), 3), money(amount)];
  });
  return [["line", "energy_kwh", "amount_tokens"], ...rows, ["total", "", money(account.total)]]
    .map((cells) => `${cells.join(",")}\r\n`)
    .join("");
}
