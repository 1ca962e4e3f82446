// What was corrected of a bill's time after it had been settled, part by part: a credit note for whoever has kept no bill of it.

import { useTranslation } from "react-i18next";

import { boundsOf } from "../format/period";
import { useFormats } from "../format/use-formats";
import { stateOf, type Bill } from "./bill";
import { ChangeTable } from "./ChangeTable";
import { PARTS, sumOfParts, type ChangedPart } from "./since-settled";

export function SinceSettled({ bill, parts }: { bill: Bill; parts: readonly ChangedPart[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { kind } = bill.period;
  const difference = sumOfParts(parts);
  const money = (amount: bigint) =>
    kind === "day" ? formats.fineMoney(amount) : formats.money(amount);
  const titleOf = ({ name }: ChangedPart) => {
    if (kind === "day") return formats.time(Number(name));
    const part = { kind: kind === "month" ? "day" : "month", name } as const;
    const noon = boundsOf(part, formats.options.timeZone)[0] + 43_200;
    return kind === "month" ? formats.day(noon) : formats.month(noon);
  };
  const { total } = bill.account;
  const rows = [
    ...parts.map((part) => ({ ...part, text: titleOf(part) })),
    { name: "bill", text: t("sinceSettled.bill"), before: total - difference, now: total },
  ];
  // What a saved bill has become is told beside it, and is named there.
  const isNamed = !bill.kept && stateOf(bill) !== "preview" && difference !== 0n;
  const title = t("sinceSettled.title");
  return (
    <section className="bill__change" aria-label={title}>
      <h3>
        {isNamed && `${t(difference < 0n ? "bill.kind.credit" : "bill.kind.addition")}: `}
        {title}
      </h3>
      <p className="quiet small">{t("sinceSettled.hint")}</p>
      <ChangeTable
        title={title}
        heading={t(`sinceSettled.part.${PARTS[kind]}`)}
        rows={rows}
        money={money}
      />
    </section>
  );
}
