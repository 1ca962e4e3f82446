// What amounts were and are now, and the difference.

import { useTranslation } from "react-i18next";

/** Milli-atoms. */
export type ChangedAmount = Readonly<{ name: string; text: string; before: bigint; now: bigint }>;

export function ChangeTable(props: {
  title: string;
  /** Over the rows' texts. */
  heading: string;
  rows: readonly ChangedAmount[];
  money: (amount: bigint) => string;
}) {
  const { title, heading, rows, money } = props;
  const { t } = useTranslation();
  return (
    <table>
      <caption className="hidden-but-read">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{heading}</th>
          <th scope="col">{t("bill.change.before")}</th>
          <th scope="col">{t("bill.change.now")}</th>
          <th scope="col">{t("bill.change.difference")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, text, before, now }) => (
          <tr key={name}>
            <th scope="row">{text}</th>
            <td className="number">{money(before)}</td>
            <td className="number">{money(now)}</td>
            <td className="number">{money(now - before)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
