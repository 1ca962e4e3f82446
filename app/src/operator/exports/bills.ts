// The bills of all households of a month, as one archive.

import { BILL_LINES, formatDecimal, MILLI_ATOM_DECIMALS } from "@joulebook/client";

import { accountOfBill, type Account } from "../../bill/account";
import { billCsv } from "../../bill/bill-csv";
import type { Schemas } from "../../indexer/client";
import { csv } from "./csv";

export type MonthlyBill = Readonly<{
  seat: number;
  /** Its owner's wallet; null of a seat that nobody has opened. */
  household: string | null;
  month: string;
  decimals: number;
  account: Account;
}>;

/** A form that a bill is written in; a household has one file of each. */
export type BillForm = Readonly<{
  extension: string;
  write: (bill: MonthlyBill) => string | Uint8Array | Promise<string | Uint8Array>;
}>;

/** The forms that the archive has; whatever else a bill is written as, such as PDF, is another of these. */
export const BILL_FORMS: readonly BillForm[] = [
  { extension: "csv", write: ({ account, decimals }) => billCsv({ account }, decimals) },
];

/** Those that have a window, or anything to pay or to receive. */
export function monthlyBills(
  items: readonly Schemas["BillItem"][],
  month: string,
  isComplete: boolean,
  decimals: number,
): MonthlyBill[] {
  return items
    .map((item) => ({
      ...{ seat: item.seat, household: item.household ?? null, month, decimals },
      account: accountOfBill({ ...item, isComplete }, decimals),
    }))
    .filter(({ account }) => account.windows > 0 || account.total !== 0n);
}

export async function billArchive(
  bills: readonly MonthlyBill[],
  forms: readonly BillForm[] = BILL_FORMS,
): Promise<Uint8Array> {
  const { strToU8, zipSync } = await import("fflate");
  const bytesOf = (content: string | Uint8Array) =>
    typeof content === "string" ? strToU8(content) : content;
  const files: Record<string, Uint8Array> = { "summary.csv": strToU8(summary(bills)) };
  for (const bill of bills)
    for (const { extension, write } of forms)
      files[`${fileName(bill)}.${extension}`] = bytesOf(await write(bill));
  return zipSync(files);
}

/** Wallets tell households apart, and seats are what people know them by. */
export function fileName({ seat, household, month }: MonthlyBill): string {
  return `${month}-household-${String(seat).padStart(4, "0")}-${household?.slice(0, 8) ?? "unopened"}`;
}

/** A line for each household. */
export function summary(bills: readonly MonthlyBill[]): string {
  const heading = [
    ...["seat", "household", "import_wh", "export_wh"],
    ...BILL_LINES.map((line) => `${line}_tokens`),
    ...["total_tokens", "windows", "provisional", "unheard", "unsettled", "complete"],
  ];
  const rows = bills.map(({ seat, household, decimals, account }) => {
    const money = (amount: bigint) => formatDecimal(amount, decimals + MILLI_ATOM_DECIMALS);
    const { lines, total, imported, exported, windows, provisional } = account;
    return [
      ...[seat, household ?? "", imported, exported],
      ...BILL_LINES.map((line) => money(lines[line].amount)),
      ...[money(total), windows, provisional, account.unheard, account.unsettled],
      account.isComplete ? "yes" : "no",
    ];
  });
  return csv([heading, ...rows]);
}
