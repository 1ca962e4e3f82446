// What a file would change, window by window; and which of its rows say nothing.

import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import { DataTable } from "../../ui";
import type { RejectedRow } from "./price-file";
import type { PricePlan } from "./price-plan";

/** A table of more is of no use on a screen. */
const MOST = 400;

export function PlanTables(props: { plan: PricePlan; rejected: readonly RejectedRow[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { plan, rejected } = props;
  const change = (before: number, wanted: number) =>
    before === wanted
      ? formats.cents(wanted)
      : `${formats.cents(before)} → ${formats.cents(wanted)}`;
  return (
    <>
      {rejected.length > 0 && (
        <DataTable
          summary={t("desk.prices.showRejected", { count: rejected.length })}
          caption={t("desk.prices.rejectedTable")}
          columns={[t("desk.prices.line"), t("desk.prices.why"), t("desk.prices.says")]}
          rows={rejected
            .slice(0, MOST)
            .map(({ line, fault, text }) => [String(line), t(`desk.prices.row.${fault}`), text])}
        />
      )}
      <DataTable
        summary={t("desk.prices.showWindows", { count: plan.windows.length })}
        caption={t("desk.prices.windowsTable")}
        columns={[
          t("day.window"),
          `${t("desk.prices.short")} (${formats.priceUnit})`,
          `${t("desk.prices.long")} (${formats.priceUnit})`,
          `${t("desk.prices.gridFee")} (${formats.priceUnit})`,
          t("desk.prices.becomes"),
        ]}
        rows={plan.windows
          .slice(0, MOST)
          .map(({ start, before, wanted, kept }) => [
            formats.dayTime(start),
            change(before.short, wanted.short),
            change(before.long, wanted.long),
            change(before.gridFee, wanted.gridFee),
            t(kept ? `desk.prices.keeps.${kept}` : "desk.prices.isPosted"),
          ])}
      />
    </>
  );
}
