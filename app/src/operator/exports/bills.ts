// The bills of all households of a month, as one archive.

import { BILL_LINES, formatDecimal, MILLI_ATOM_DECIMALS } from "@joulebook/client";

import { accountOfBill } from "../../bill/account";
import type { Bill } from "../../bill/bill";
import { billCsv } from "../../bill/bill-csv";
import type { BillWords } from "../../bill/pdf";
import type { Schemas } from "../../indexer/client";
import { csv } from "./csv";

export type MonthlyBill = Readonly<{
  seat: number;
  /** Its owner's wallet; null of a seat that nobody has opened. */
  household: string | null;
  month: string;
  decimals: number;
}> &
  Pick<Bill, "account" | "earlier">;

/** What bills of one archive have in common where people read them. */
export type Printing = Pick<Bill, "market" | "community" | "madeAt" | "isOver"> &
  Readonly<{ words: BillWords }>;

/** A form that a bill is written in; a household has one file of each. */
export type BillForm = Readonly<{
  extension: string;
  write: (bill: MonthlyBill, printing: Printing) => string | Promise<Uint8Array>;
}>;

/** The forms that the archive has; whatever else a bill is written as is another of these. */
export const BILL_FORMS: readonly BillForm[] = [
  { extension: "csv", write: (bill) => billCsv(bill, bill.decimals) },
  {
    extension: "pdf",
    write: async (bill, printing) => {
      const { billPdf } = await import("../../bill/pdf");
      return billPdf(printed(bill, printing), printing.words);
    },
  },
];

/** The bill as its household would save it. */
function printed(bill: MonthlyBill, printing: Printing): Bill {
  const { words: _, ...common } = printing;
  const period = { kind: "month", name: bill.month } as const;
  return { ...common, ...bill, period, household: bill.household ?? "–" };
}

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

/** Made one after the other, so that the page answers meanwhile. */
export async function billArchive(
  bills: readonly MonthlyBill[],
  printing: Printing,
  options: Readonly<{
    forms?: readonly BillForm[];
    /** What the sums of a bill do not tell, asked for when its turn comes. */
    completed?: (bill: MonthlyBill) => Promise<MonthlyBill>;
    /** Told how many households are done. */
    onDone?: (households: number) => void;
  }> = {},
): Promise<Uint8Array> {
  const { forms = BILL_FORMS, completed = async (bill) => bill, onDone } = options;
  const { strToU8, zipSync } = await import("fflate");
  const bytesOf = (content: string | Uint8Array) =>
    typeof content === "string" ? strToU8(content) : content;
  const files: Record<string, Uint8Array> = { "summary.csv": strToU8(summary(bills)) };
  for (const [at, short] of bills.entries()) {
    const bill = await completed(short);
    for (const { extension, write } of forms)
      files[`${fileName(bill)}.${extension}`] = bytesOf(await write(bill, printing));
    onDone?.(at + 1);
    await answered();
  }
  return zipSync(files);
}

/** Lets the page answer whoever has clicked or typed. */
const answered = () => new Promise<void>((resolve) => setTimeout(resolve));

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
