// A credit note: what has changed since the bill was kept, line by line.

import { BILL_LINES } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { kindOf, type Bill, type KeptBill } from "./bill";
import { ChangeTable } from "./ChangeTable";

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
      <ChangeTable
        title={title}
        heading={t("bill.for")}
        rows={rows}
        money={(amount) => formats.money(amount)}
      />
    </section>
  );
}
