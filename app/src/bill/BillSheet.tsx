// A bill as it is shown and printed, and what can be done with it.

import { BILL_LINES } from "@joulebook/client";
import { Download, FileText, Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { Button, Notice } from "../ui";
import { kindOf, stateOf, type Bill } from "./bill";
import { billCsv } from "./bill-csv";
import { BillChange } from "./BillChange";
import { EarlierDays } from "./EarlierDays";
import { keepBill } from "./kept";
import { titleOf } from "../format/period";
import { saveFile } from "./save-file";
import { SinceSettled } from "./SinceSettled";
import { amountTitle, comparisonOf, meterText, notesOf } from "./sentences";

export function BillSheet({ bill }: { bill: Bill }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const words = { t, formats };
  const { account } = bill;
  const { total } = account;
  const [first, ...notes] = notesOf(bill, words);
  const comparison = comparisonOf(account, words);
  return (
    <div className="bill">
      <header className="bill__letterhead print-only">
        <img src="/icon.svg" alt="" width={40} height={40} />
        <strong>Joulebook</strong>
        <span>
          {t(`bill.kind.${kindOf(bill)}`)}, {titleOf(bill.period, formats)}
        </span>
      </header>
      <p className={`bill__state bill__state--${stateOf(bill)}`}>
        <strong>{first}</strong> <span className="quiet">{notes.join(" ")}</span>
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
          {BILL_LINES.map((line) => {
            const { energy, amount } = account.lines[line];
            return (
              <tr key={line} data-empty={amount === 0n}>
                <th scope="row">
                  {t(`bill.line.${line}`)}
                  <span className="bill__hint">{t(`bill.hint.${line}`)}</span>
                </th>
                <td className="number">{energy === undefined ? "" : formats.energy(energy)}</td>
                <td className="number">{formats.money(amount)}</td>
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{amountTitle(total, t)}</th>
            <td />
            <td className="number">{formats.money(total < 0n ? -total : total)}</td>
          </tr>
        </tfoot>
      </table>
      {bill.earlier && bill.earlier.length > 0 && <EarlierDays earlier={bill.earlier} />}
      {bill.changed && bill.changed.length > 0 && <SinceSettled bill={bill} parts={bill.changed} />}
      {bill.kept && <BillChange bill={bill} kept={bill.kept} />}
      {comparison && <p className="bill__compared">{comparison}</p>}
      <p className="quiet small">{meterText(account, words)}</p>
      <dl className="bill__whose print-only">
        {bill.community && (
          <div>
            <dt>{t("bill.pdf.community")}</dt>
            <dd>{bill.community}</dd>
          </div>
        )}
        <div>
          <dt>{t("bill.pdf.household")}</dt>
          <dd>{bill.household}</dd>
        </div>
        <div>
          <dt>{t("bill.pdf.seat")}</dt>
          <dd>{bill.seat}</dd>
        </div>
      </dl>
      <Acts bill={bill} />
    </div>
  );
}

function Acts({ bill }: { bill: Bill }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [problem, setProblem] = useState<string>();
  const name = `joulebook-${bill.period.name}`;
  const saveCsv = () => {
    saveFile(billCsv(bill, formats.options.decimals), "text/csv", `${name}.csv`);
    keepBill(bill);
  };
  const savePdf = async () => {
    setProblem(undefined);
    try {
      const { billPdf } = await import("./pdf");
      saveFile(billPdf(bill, { t, formats }), "application/pdf", `${name}.pdf`);
      keepBill(bill);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const print = () => {
    window.print();
    keepBill(bill);
  };
  return (
    <div className="bill__acts no-print">
      <Button onClick={() => void savePdf()}>
        <FileText size={18} aria-hidden />
        {t("bill.pdf.save")}
      </Button>
      <Button quiet onClick={saveCsv}>
        <Download size={18} aria-hidden />
        {t("bill.csv")}
      </Button>
      <Button quiet onClick={print}>
        <Printer size={18} aria-hidden />
        {t("bill.print")}
      </Button>
      {problem !== undefined && (
        <Notice alarm title={t("bill.pdf.failed")}>
          {problem}
        </Notice>
      )}
    </div>
  );
}
