// A month as files: bills of all households, a workbook for the accountant, a sharing matrix for the grid operator.

import { Download } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { PeriodSteps } from "../../bill/PeriodSteps";
import { useConfiguration, useNow } from "../../chain/market-context";
import { dayOf } from "../../format/calendar";
import { periodOf, titleOf } from "../../format/period";
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
  const [ago, setAgo] = useState(0);
  if (!useIndexer()) return <Notice>{t("market.noIndexer")}</Notice>;
  if (now === undefined) return <Waiting>{t("market.waiting")}</Waiting>;
  const period = periodOf(dayOf(now, timeZone), "month", ago);
  return (
    <>
      <div className="bill__tools">
        <PeriodSteps title={titleOf(period, formats)} ago={ago} onChange={setAgo} />
        {ago === 0 && <span className="quiet small">{t("desk.exports.running")}</span>}
      </div>
      <div className="desk__pair">
        {NAMES.map((name) => (
          <ExportCard key={name} name={name} month={period.name} />
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
        <div className="making">
          <span role="status" className="quiet">
            {t("desk.exports.busy")}
          </span>
          {state.made && (
            <>
              <progress
                value={state.made.done}
                max={state.made.of}
                aria-label={t("archive.progress")}
              />
              <span className="quiet small">{t("archive.made", { ...state.made })}</span>
            </>
          )}
        </div>
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
