// A household's bill of a day, a month or a year, line by line.

import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, Download, Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration, useNow } from "../chain/market-context";
import { addDays, addMonths, dayBounds, dayOf, monthBounds, startOfDay } from "../format/calendar";
import { useFormats } from "../format/use-formats";
import { useIndexer } from "../indexer/context";
import { Button, Card, Choice, Notice, Waiting } from "../ui";
import { accountOf, accountOfBill, detailed, LINES, sumOf, type Account } from "./account";
import { billCsv } from "./bill-csv";
import { EnergyLabel } from "./EnergyLabel";
import { useHousehold } from "./context";
import type { NumberedSeat } from "./Guard";

const PERIODS = ["day", "month", "year"] as const;
type Period = (typeof PERIODS)[number];

export function BillPage({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useConfiguration();
  const now = useNow(10_000);
  const today = now === undefined ? undefined : dayOf(now, timeZone);
  const [period, setPeriod] = useState<Period>("month");
  const [back, setBack] = useState(0);
  const shown = today && shownPeriod(today, period, back);
  const bill = useAccount(seat, period, shown, now);
  if (!shown) return <Waiting>{t("market.waiting")}</Waiting>;
  const start = startOfDay(`${shown}-01-01`.slice(0, 10), timeZone);
  const title =
    period === "day"
      ? formats.day(start)
      : period === "month"
        ? formats.month(start + 43_200)
        : shown;
  return (
    <>
      <div className="page-head">
        <h1>{t("bill.title")}</h1>
      </div>
      <div className="bill__tools no-print">
        <Choice
          label={t("bill.period")}
          value={period}
          options={PERIODS.map((value) => ({ value, label: t(`bill.${value}`) }))}
          onChange={(chosen) => (setPeriod(chosen), setBack(0))}
        />
        <span className="bill__steps">
          <Button quiet small aria-label={t("bill.before")} onClick={() => setBack(back + 1)}>
            <ChevronLeft size={18} aria-hidden />
          </Button>
          <strong>{title}</strong>
          <Button
            quiet
            small
            aria-label={t("bill.after")}
            disabled={back === 0}
            onClick={() => setBack(back - 1)}
          >
            <ChevronRight size={18} aria-hidden />
          </Button>
        </span>
      </div>
      <Card>
        {bill.isPending && <Waiting>{t("market.waiting")}</Waiting>}
        {bill.isError && (
          <Notice alarm title={t("bill.failed")}>
            {bill.error.message}
          </Notice>
        )}
        {bill.data === null && <p className="quiet">{t("bill.nothing")}</p>}
        {bill.data && <Lines account={bill.data} name={shown} />}
      </Card>
      {period === "month" && bill.data && <EnergyLabel month={shown} />}
    </>
  );
}

/** "2026-11-27", "2026-11" or "2026", so many periods ago. */
function shownPeriod(today: string, period: Period, back: number): string {
  if (period === "day") return addDays(today, -back);
  if (period === "month") return addMonths(today.slice(0, 7), -back);
  return String(Number(today.slice(0, 4)) - back);
}

function useAccount(
  seat: NumberedSeat,
  period: Period,
  shown: string | undefined,
  now: number | undefined,
) {
  const indexer = useIndexer();
  const { market } = useHousehold();
  const { timeZone } = useConfiguration();
  const { decimals } = market.token;
  const monthly = async (month: string) => {
    const bill = await indexer!.bill(month, timeZone, market.owner);
    return bill && accountOfBill(bill, decimals);
  };
  return useQuery({
    queryKey: ["live", "bill", period, shown, seat.number],
    queryFn: async (): Promise<Account | null> => {
      if (period === "month") {
        const [since] = monthBounds(shown!, timeZone);
        const bill = await indexer!.bill(shown!, timeZone, market.owner);
        if (!bill) return null;
        // Both tell of windows that are over, by the chain's clock when the bill was made.
        const [positions, windows] = await Promise.all([
          indexer!.positions(seat.number, since, bill.until),
          indexer!.windows(since, bill.until),
        ]);
        return detailed(accountOfBill(bill, decimals), accountOf(positions, windows, decimals));
      }
      if (period === "year") {
        const months = Array.from({ length: 12 }, (_, at) => addMonths(`${shown}-01`, at));
        const past = months.filter((month) => month <= dayOf(now!, timeZone));
        const accounts = await Promise.all(past.map(monthly));
        return sumOf(accounts.filter((account) => account !== undefined)) ?? null;
      }
      const [since, until] = dayBounds(shown!, timeZone);
      const [positions, windows] = await Promise.all([
        indexer!.positions(seat.number, since, until),
        indexer!.windows(since, until),
      ]);
      const { windowSeconds } = market.parameters;
      const over = positions.filter(({ start }) => start + windowSeconds <= now!);
      return over.length > 0 ? accountOf(over, windows, decimals) : null;
    },
    enabled: indexer !== undefined && shown !== undefined && now !== undefined,
    placeholderData: undefined,
  });
}

const differenceOf = (one: bigint, other: bigint) => (one > other ? one - other : other - one);

function Lines({ account, name }: { account: Account; name: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { lines, total, compared } = account;
  const isFinal = account.provisional === 0 && account.unsettled === 0;
  const names = LINES.map((line) => [line, t(`bill.line.${line}`)] as const);
  const save = () => {
    const file = new Blob([billCsv(account, formats.options.decimals)], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `joulebook-${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div className="bill">
      <p className={`bill__state ${isFinal ? "bill__state--final" : ""}`}>
        <strong>{t(isFinal ? "bill.final" : "bill.preview")}</strong>{" "}
        <span className="quiet">
          {!isFinal && t("bill.previewHint", { count: account.provisional })}
          {account.unheard > 0 && ` ${t("bill.unheardHint", { count: account.unheard })}`}
        </span>
      </p>
      {!account.isComplete && <Notice title={t("bill.incomplete")} />}
      <table className="bill__lines">
        <caption className="hidden-but-read">{t("bill.title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("bill.for")}</th>
            <th scope="col">{t("bill.energy")}</th>
            <th scope="col">{t("bill.amount")}</th>
          </tr>
        </thead>
        <tbody>
          {names.map(([line, text]) => (
            <tr key={line} data-empty={lines[line].amount === 0n}>
              <th scope="row">
                {text}
                <span className="bill__hint">{t(`bill.hint.${line}`)}</span>
              </th>
              <td className="number">
                {lines[line].energy === undefined ? "" : formats.energy(lines[line].energy)}
              </td>
              <td className="number">{formats.money(lines[line].amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t(total < 0n ? "bill.receive" : "bill.pay")}</th>
            <td />
            <td className="number">{formats.money(total < 0n ? -total : total)}</td>
          </tr>
        </tfoot>
      </table>
      {compared && (
        <p>
          {account.unheard > 0 && `${t("bill.compared", { paid: formats.money(compared.paid) })} `}
          {t(compared.alone >= compared.paid ? "bill.saved" : "bill.lost", {
            amount: formats.money(differenceOf(compared.alone, compared.paid)),
            alone: formats.money(compared.alone),
          })}
        </p>
      )}
      <p className="quiet small">
        {t("bill.meter", {
          drawn: formats.energy(account.imported),
          fedIn: formats.energy(account.exported),
          count: account.windows,
        })}
      </p>
      <div className="bill__acts no-print">
        <Button quiet onClick={save}>
          <Download size={18} aria-hidden />
          {t("bill.csv")}
        </Button>
        <Button quiet onClick={() => window.print()}>
          <Printer size={18} aria-hidden />
          {t("bill.print")}
        </Button>
      </div>
    </div>
  );
}
