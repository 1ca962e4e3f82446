// What was corrected of a bill's time after it had been settled, part by part: a credit note for whoever has kept no bill of it.

import { useTranslation } from "react-i18next";

import { boundsOf } from "../format/period";
import { useFormats } from "../format/use-formats";
import { stateOf, type Bill } from "./bill";
import { PARTS, sumOfParts, type ChangedPart } from "./since-settled";

export function SinceSettled({ bill, parts }: { bill: Bill; parts: readonly ChangedPart[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { kind } = bill.period;
  const difference = sumOfParts(parts);
  const before = bill.account.total - difference;
  const money = (amount: bigint) =>
    kind === "day" ? formats.fineMoney(amount) : formats.money(amount);
  const titleOf = ({ name }: ChangedPart) => {
    if (kind === "day") return formats.time(Number(name));
    const part = { kind: kind === "month" ? "day" : "month", name } as const;
    const noon = boundsOf(part, formats.options.timeZone)[0] + 43_200;
    return kind === "month" ? formats.day(noon) : formats.month(noon);
  };
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
      <table>
        <caption className="hidden-but-read">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t(`sinceSettled.part.${PARTS[kind]}`)}</th>
            <th scope="col">{t("bill.change.before")}</th>
            <th scope="col">{t("bill.change.now")}</th>
            <th scope="col">{t("bill.change.difference")}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.name}>
              <th scope="row">{titleOf(part)}</th>
              <td className="number">{money(part.before)}</td>
              <td className="number">{money(part.now)}</td>
              <td className="number">{money(part.now - part.before)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t("sinceSettled.bill")}</th>
            <td className="number">{money(before)}</td>
            <td className="number">{money(bill.account.total)}</td>
            <td className="number">{money(difference)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}
