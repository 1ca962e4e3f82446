// A month for the accountant, as a workbook: bills, windows and payments, a sheet each.

import { BILL_LINES, formatDecimal, MILLI_ATOM_DECIMALS } from "@joulebook/client";

import type { Schemas } from "../../indexer/client";
import { milliAtomsOf } from "../../indexer/money";
import type { MonthlyBill } from "./bills";

/** What the sheets and their columns are called. */
export type WorkbookTexts = Readonly<{
  sheets: Readonly<Record<"bills" | "windows" | "payments", string>>;
  columns: Readonly<Record<string, string>>;
  lines: Readonly<Record<(typeof BILL_LINES)[number], string>>;
}>;

export type AccountingMonth = Readonly<{
  bills: readonly MonthlyBill[];
  windows: readonly Schemas["WindowItem"][];
  movements: readonly Schemas["MovementItem"][];
  decimals: number;
}>;

const AMOUNT = "#,##0.00";
const PRICE = "0.0000";
const ENERGY = "#,##0.000";
const TIME = "yyyy-mm-dd hh:mm";

type Value = string | number | Date | null;
type Column = readonly [name: string, numFmt?: string];

export async function workbook(month: AccountingMonth, texts: WorkbookTexts): Promise<Uint8Array> {
  const { writeXlsx } = await import("hucre/xlsx");
  const { decimals } = month;
  const sheet = (name: string, columns: readonly Column[], rows: Value[][]) => ({
    name,
    columns: columns.map(([, numFmt]) => ({ autoWidth: true, ...(numFmt && { numFmt }) })),
    rows: [columns.map(([column]) => texts.columns[column] ?? column), ...rows],
    freezePane: { rows: 1 },
  });
  const money = (amount: bigint) => numberOf(amount, decimals + MILLI_ATOM_DECIMALS);
  const price = (of: Schemas["EnergyPrice"] | null | undefined) =>
    of ? numberOf(BigInt(of.atoms_per_kwh), decimals) : null;
  return writeXlsx({
    sheets: [
      sheet(
        texts.sheets.bills,
        [
          ...([["seat"], ["household"], ["import", ENERGY], ["export", ENERGY]] as Column[]),
          ...BILL_LINES.map((line): Column => [`line ${line}`, AMOUNT]),
          ...([["total", AMOUNT], ["provisional"]] as Column[]),
        ].map(([name, format]): Column => {
          const line = BILL_LINES.find((each) => name === `line ${each}`);
          return [line ? texts.lines[line] : (texts.columns[name] ?? name), format];
        }),
        month.bills.map(({ seat, household, account }) => [
          ...[seat, household, kWh(account.imported), kWh(account.exported)],
          ...BILL_LINES.map((line) => money(account.lines[line].amount)),
          ...[money(account.total), account.provisional],
        ]),
      ),
      sheet(
        texts.sheets.windows,
        [
          ...([
            ["start", TIME],
            ["volume", ENERGY],
            ["price", PRICE],
          ] as Column[]),
          ...([
            ["gridFee", PRICE],
            ["marketFee", PRICE],
          ] as Column[]),
          ...([
            ["retail", PRICE],
            ["feedIn", PRICE],
          ] as Column[]),
        ],
        month.windows.map((window) => [
          ...[dateOf(window.start), kWh(window.volume_wh), price(window.price)],
          ...[price(window.grid_fee), price(window.market_fee)],
          ...[price(window.retail_price), price(window.feed_in_tariff)],
        ]),
      ),
      sheet(
        texts.sheets.payments,
        [["time", TIME], ["kind"], ["seat"], ["amount", AMOUNT], ["signature"]],
        month.movements.map(({ time, kind, seat, amount, signature }) => [
          ...[time == null ? null : dateOf(time), kind, seat ?? null],
          ...[money(milliAtomsOf(amount, decimals)), signature],
        ]),
      ),
    ],
  });
}

/** A spreadsheet counts in floats: what it shows is rounded there, and exact in the CSV. */
const numberOf = (units: bigint, decimals: number) => Number(formatDecimal(units, decimals));
const kWh = (energy: number) => energy / 1000;
/** Times stand in UTC, as the file has no time zone. */
const dateOf = (time: number) => new Date(time * 1000);
