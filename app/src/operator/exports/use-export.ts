// Gathers what an export needs, makes the file and has the browser keep it.

import { BILL_LINES } from "@joulebook/client";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { accountOf, detailed } from "../../bill/account";
import { correctionsByDay } from "../../bill/earlier";
import { useConfiguration, useMarket, useNow } from "../../chain/market-context";
import { monthBounds } from "../../format/calendar";
import { useFormats } from "../../format/use-formats";
import type { Indexer } from "../../indexer/client";
import { useIndexer } from "../../indexer/context";
import { useCommunity } from "../../market/community";
import { billArchive, monthlyBills, type MonthlyBill, type Printing } from "./bills";
import { saveFile } from "./save-file";
import { sharingMatrix } from "./sharing";
import { workbook, type WorkbookTexts } from "./workbook";

export type ExportName = "bills" | "workbook" | "drawn" | "fedIn";

export type ExportState =
  | Readonly<{ stage: "idle" | "empty" }>
  /** Of files that are many, how many are made. */
  | Readonly<{ stage: "busy"; made?: Made }>
  | Readonly<{ stage: "failed"; text: string }>
  | Readonly<{ stage: "done"; file: string }>;

type Made = Readonly<{ done: number; of: number }>;

type File = Readonly<{ name: string; content: string | Uint8Array; type: string }>;
const CSV = "text/csv;charset=utf-8";
const ZIP = "application/zip";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function useExport(name: ExportName, month: string) {
  const indexer = useIndexer();
  const { timeZone } = useConfiguration();
  const { token, parameters } = useMarket();
  const texts = useWorkbookTexts();
  const printing = usePrinting(month);
  const [state, setState] = useState<ExportState>({ stage: "idle" });
  const shown = useRef(month);
  // What was said is of another month then, and so is what is still being made.
  useEffect(() => {
    shown.current = month;
    setState({ stage: "idle" });
  }, [month]);
  const run = async () => {
    const tell = (now: ExportState) => shown.current === month && setState(now);
    tell({ stage: "busy" });
    try {
      const context = {
        ...{ indexer: indexer!, month, timeZone, decimals: token.decimals },
        ...{ windowSeconds: parameters.windowSeconds, texts, printing },
      };
      const file = await made(name, context, (made) => tell({ stage: "busy", made }));
      if (!file) return void tell({ stage: "empty" });
      saveFile(file.name, file.content, file.type);
      tell({ stage: "done", file: file.name });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      tell({ stage: "failed", text });
    }
  };
  return { state, run };
}

export type ExportContext = Readonly<{
  indexer: Pick<
    Indexer,
    "bills" | "billed" | "windows" | "movements" | "positions" | "correctionsOfEarlier"
  >;
  month: string;
  timeZone: string;
  decimals: number;
  windowSeconds: number;
  texts: WorkbookTexts;
  printing: Printing;
}>;

/** The file; undefined where there is nothing to write. */
export async function made(
  name: ExportName,
  context: ExportContext,
  onMade: (made: Made) => void = () => {},
): Promise<File | undefined> {
  const { indexer, month, timeZone, decimals, windowSeconds, texts, printing } = context;
  const [items, { since, until, isComplete }] = await Promise.all([
    indexer.bills(month, timeZone),
    indexer.billed(month, timeZone),
  ]);
  const bills = monthlyBills(items, month, isComplete, decimals);
  if (bills.length === 0) return undefined;
  if (name === "bills") {
    const windows = await indexer.windows(since, until);
    const completed = async (bill: MonthlyBill) => {
      const positions = await indexer.positions(bill.seat, since, until);
      // They are in no sum: a bill does without them where the indexer does not tell.
      const items = await indexer
        .correctionsOfEarlier(bill.seat, since, until)
        .catch(() => undefined);
      const account = detailed(bill.account, accountOf(positions, windows, decimals));
      return { ...bill, account, earlier: items && correctionsByDay(items, timeZone, decimals) };
    };
    const onDone = (done: number) => onMade({ done, of: bills.length });
    onDone(0);
    const content = await billArchive(bills, printing, { completed, onDone });
    return { name: `joulebook-bills-${month}.zip`, content, type: ZIP };
  }
  if (name === "workbook") {
    const [windows, all] = await Promise.all([indexer.windows(since, until), indexer.movements()]);
    const movements = all.filter(({ time }) => time != null && time >= since && time < until);
    const content = await workbook({ bills, windows, movements, decimals }, texts);
    return { name: `joulebook-accounting-${month}.xlsx`, content, type: XLSX };
  }
  const households = await Promise.all(
    bills.map(async ({ seat, household }: MonthlyBill) => ({
      ...{ seat, household },
      positions: await indexer.positions(seat, since, until),
    })),
  );
  const content = sharingMatrix(households, name, windowSeconds);
  return { name: `joulebook-sharing-${name}-${month}.csv`, content, type: CSV };
}

function usePrinting(month: string): Printing {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useConfiguration();
  const { addresses } = useMarket();
  const { data: community } = useCommunity();
  const now = useNow(60_000) ?? 0;
  return {
    words: { t, formats },
    ...{ market: addresses.market, community: community?.name, madeAt: Math.floor(now) },
    isOver: monthBounds(month, timeZone)[1] <= now,
  };
}

const COLUMNS = [
  ...["seat", "household", "import", "export", "total", "provisional", "start", "volume", "price"],
  ...["gridFee", "marketFee", "retail", "feedIn", "time", "kind", "amount", "signature"],
] as const;

function useWorkbookTexts(): WorkbookTexts {
  const { t } = useTranslation();
  return {
    sheets: {
      bills: t("desk.workbook.sheet.bills"),
      windows: t("desk.workbook.sheet.windows"),
      payments: t("desk.workbook.sheet.payments"),
    },
    columns: Object.fromEntries(
      COLUMNS.map((name) => [
        name,
        t(`desk.workbook.column.${name}` as "desk.workbook.column.seat"),
      ]),
    ),
    lines: Object.fromEntries(
      BILL_LINES.map((line) => [line, t(`bill.line.${line}`)]),
    ) as WorkbookTexts["lines"],
  };
}
