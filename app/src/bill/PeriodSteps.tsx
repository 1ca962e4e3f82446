// One period back, or one on, up to the present one.

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";

import { Button } from "../ui";

export function PeriodSteps(props: {
  title: string;
  /** How many periods ago; 0 for the present one. */
  ago: number;
  onChange: (ago: number) => void;
}) {
  const { title, ago, onChange } = props;
  const { t } = useTranslation();
  return (
    <span className="bill__steps">
      <Button quiet small aria-label={t("bill.before")} onClick={() => onChange(ago + 1)}>
        <ChevronLeft size={18} aria-hidden />
      </Button>
      <strong aria-live="polite">{title}</strong>
      <Button
        quiet
        small
        aria-label={t("bill.after")}
        disabled={ago === 0}
        onClick={() => onChange(ago - 1)}
      >
        <ChevronRight size={18} aria-hidden />
      </Button>
    </span>
  );
}
