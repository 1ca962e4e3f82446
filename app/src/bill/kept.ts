// Bills that were saved from this browser, so that it can tell what has changed since. Nobody else keeps what a bill once was.

import { BILL_LINES, type BillLine } from "@joulebook/client";
import { stateOf, type Bill, type KeptBill } from "./bill";

const PREFIX = "joulebook.bill";

const keyOf = ({ market, seat, period }: Pick<Bill, "market" | "seat" | "period">) =>
  [PREFIX, market, seat, period.name].join(".");

/** Keeps what a bill says, unless it is a preview. */
export function keepBill(bill: Bill) {
  if (stateOf(bill) === "preview") return;
  const amounts = BILL_LINES.map((name) => [name, String(bill.account.lines[name].amount)]);
  const kept = { keptAt: bill.madeAt, amounts: Object.fromEntries(amounts) };
  try {
    localStorage.setItem(keyOf(bill), JSON.stringify(kept));
  } catch {
    // Storage may be full, or forbidden: then changes are not told.
  }
}

/** The bill of this time that was kept; undefined if none was, or it says the same. */
export function changedSince(bill: Omit<Bill, "kept">): KeptBill | undefined {
  let text: string | null = null;
  try {
    text = localStorage.getItem(keyOf(bill));
  } catch {
    return undefined;
  }
  const kept = text === null ? undefined : read(text);
  const isSame = BILL_LINES.every(
    (name) => kept?.amounts[name] === bill.account.lines[name].amount,
  );
  return isSame ? undefined : kept;
}

/** What else is in the storage is no bill. */
function read(text: string): KeptBill | undefined {
  try {
    const { keptAt, amounts: told } = JSON.parse(text) as {
      keptAt: number;
      amounts: Record<BillLine, string>;
    };
    const amounts = Object.fromEntries(
      BILL_LINES.map((name) => [name, BigInt(told[name])]),
    ) as KeptBill["amounts"];
    const total = BILL_LINES.reduce((sum, name) => sum + amounts[name], 0n);
    return Number.isFinite(keptAt) ? { keptAt, total, amounts } : undefined;
  } catch {
    return undefined;
  }
}
