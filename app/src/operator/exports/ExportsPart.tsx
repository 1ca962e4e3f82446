// A month as files: bills of all households, a workbook for the accountant, a sharing matrix for the grid operator.

import { ChevronLeft, ChevronRight, Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration, useNow } from "../../chain/market-context";
import { addMonths, dayOf, startOfDay } from "../../format/calendar";
import { useFormats } from "../../format/use-formats";
import { useIndexer } from "../../indexer/context";
import { Button, Card, Notice, Waiting } from "../../ui";
import type { Access } from "../access";
import { useExport, type ExportName } from "./use-export";

const NAMES: readonly ExportName[] = ["bills", "workbook", "drawn", "fedIn"];

export function ExportsPart(_: { access: Access }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useConfiguration();
  const now = useNow(60_000);
  const [back, setBack] = useState(0);
  if (!useIndexer()) return <Notice>{t("market.noIndexer")}</Notice>;
  if (now === undefined) return <Waiting>{t("market.waiting")}</Waiting>;
  const month = addMonths(dayOf(now, timeZone).slice(0, 7), -back);
  // Some hours into its first day: whatever the zone, it is that month.
  const title = formats.month(startOfDay(`${month}-01`, timeZone) + 43_200);
  return (
    <>
      <div className="bill__tools">
        <span className="bill__steps">
          <Button quiet small aria-label={t("bill.before")} onClick={() => setBack(back + 1)}>
            <ChevronLeft size={18} aria-hidden />
          </Button>
          <strong aria-live="polite">{title}</strong>
          <Button
            quiet
            small
            aria-label={t("bill.after")}
            disabled={back === 0}
            onClick={() => setBack(back - 1)}
          >
            <ChevronRight size={18} aria-hidden />
          </Button>
        </span>
        {back === 0 && <span className="quiet small">{t("desk.exports.running")}</span>}
      </div>
      <div className="desk__pair">
        {NAMES.map((name) => (
          <ExportCard key={name} name={name} month={month} />
        ))}
      </div>
    </>
  );
}

function ExportCard({ name, month }: { name: ExportName; month: string }) {
  const { t } = useTranslation();
  const { state, run } = useExport(name, month);
  return (
    <Card title={t(`desk.exports.${name}.title`)}>
      <p className="quiet">{t(`desk.exports.${name}.text`)}</p>
      <div>
        <Button disabled={state.stage === "busy"} onClick={() => void run()}>
          <Download size={18} aria-hidden />
          {t(`desk.exports.${name}.act`)}
        </Button>
      </div>
      {state.stage === "busy" && (
        <p role="status" className="quiet">
          {t("desk.exports.busy")}
        </p>
      )}
      {state.stage === "empty" && <Notice title={t("desk.exports.empty")} />}
      {state.stage === "failed" && (
        <Notice alarm title={t("desk.exports.failed")}>
          {state.text}
        </Notice>
      )}
      {state.stage === "done" && (
        <p role="status">{t("desk.exports.done", { file: state.file })}</p>
      )}
    </Card>
  );
}
