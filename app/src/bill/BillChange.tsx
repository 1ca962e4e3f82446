// A credit note: what has changed since the bill was kept, line by line.

import { BILL_LINES } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { kindOf, type Bill, type KeptBill } from "./bill";

export function BillChange({ bill, kept }: { bill: Bill; kept: KeptBill }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { account } = bill;
  const kind = kindOf(bill);
  const rows = [
    ...BILL_LINES.filter((name) => kept.amounts[name] !== account.lines[name].amount).map(
      (name) => ({
        ...{ name, text: t(`bill.line.${name}`) },
        ...{ before: kept.amounts[name], now: account.lines[name].amount },
      }),
    ),
    { name: "total", text: t("bill.change.total"), before: kept.total, now: account.total },
  ];
  const title = t("bill.change.title", { day: formats.date(kept.keptAt) });
  return (
    <section className="bill__change" aria-label={title}>
      <h3>
        {(kind === "credit" || kind === "addition") && `${t(`bill.kind.${kind}`)}: `}
        {title}
      </h3>
      <table>
        <caption className="hidden-but-read">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t("bill.for")}</th>
            <th scope="col">{t("bill.change.before")}</th>
            <th scope="col">{t("bill.change.now")}</th>
            <th scope="col">{t("bill.change.difference")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, text, before, now }) => (
            <tr key={name}>
              <th scope="row">{text}</th>
              <td className="number">{formats.money(before)}</td>
              <td className="number">{formats.money(now)}</td>
              <td className="number">{formats.money(now - before)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
