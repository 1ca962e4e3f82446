// What was corrected of earlier days in a bill's time, day by day.

import { useTranslation } from "react-i18next";

import { useConfiguration } from "../chain/market-context";
import { startOfDay } from "../format/calendar";
import { useFormats } from "../format/use-formats";
import { sumOfCorrections, type DayCorrection } from "./earlier";

export function EarlierDays({ earlier }: { earlier: readonly DayCorrection[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useConfiguration();
  const title = t("bill.earlier.title");
  return (
    <section className="bill__change" aria-label={title}>
      <h3>{title}</h3>
      <p className="quiet small">{t("bill.earlier.hint")}</p>
      <table>
        <caption className="hidden-but-read">{title}</caption>
        <thead>
          <tr>
            <th scope="col">{t("bill.earlier.day")}</th>
            <th scope="col">{t("bill.amount")}</th>
          </tr>
        </thead>
        <tbody>
          {earlier.map(({ day, amount }) => (
            <tr key={day}>
              <th scope="row">{formats.day(startOfDay(day, timeZone))}</th>
              <td className="number">{formats.money(amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("bill.change.total")}</th>
            <td className="number">{formats.money(sumOfCorrections(earlier))}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  );
}
