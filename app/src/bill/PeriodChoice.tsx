// Which day, month or year is looked back at.

import { useTranslation } from "react-i18next";

import { PERIODS, titleOf, type Period, type PeriodKind } from "../format/period";
import { useFormats } from "../format/use-formats";
import { Choice } from "../ui";
import { PeriodSteps } from "./PeriodSteps";

export function PeriodChoice(props: {
  period: Period;
  /** How many periods ago it is. */
  ago: number;
  onChange: (kind: PeriodKind, ago: number) => void;
}) {
  const { period, ago, onChange } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  return (
    <div className="bill__tools no-print">
      <Choice
        label={t("bill.period")}
        value={period.kind}
        options={PERIODS.map((value) => ({ value, label: t(`bill.${value}`) }))}
        onChange={(kind) => onChange(kind, 0)}
      />
      <PeriodSteps
        title={titleOf(period, formats)}
        ago={ago}
        onChange={(other) => onChange(period.kind, other)}
      />
    </div>
  );
}
