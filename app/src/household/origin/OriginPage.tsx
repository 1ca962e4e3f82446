// Energy labels: where a household's energy of a day, a month or a year came from, as a picture, a table and a certificate.

import { ChevronLeft, ChevronRight, Download, Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { saveFile } from "../../bill/save-file";
import { useConfiguration, useNow } from "../../chain/market-context";
import { dayOf } from "../../format/calendar";
import { useFormats } from "../../format/use-formats";
import { useIndexer } from "../../indexer/context";
import { Button, Card, Choice, Notice, Waiting } from "../../ui";
import type { NumberedSeat } from "../Guard";
import { Certificate } from "./Certificate";
import { drawnIn, sumOfSteps } from "./origin";
import { OriginChart } from "./OriginChart";
import { originCsv } from "./origin-csv";
import { periodBack, periodBounds, PERIODS, periodTitle, type Period } from "./period";
import { useOrigin } from "./use-origin";

export function OriginPage({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const indexer = useIndexer();
  const { timeZone } = useConfiguration();
  const now = useNow(10_000);
  const [period, setPeriod] = useState<Period>("day");
  const [back, setBack] = useState(0);
  const shown = now === undefined ? undefined : periodBack(dayOf(now, timeZone), period, back);
  const origin = useOrigin(seat.number, period, shown, now);
  if (!indexer) return <Notice>{t("market.noIndexer")}</Notice>;
  if (!shown) return <Waiting>{t("market.waiting")}</Waiting>;
  const bounds = periodBounds(shown, timeZone);
  const title = periodTitle(shown, timeZone, formats);
  const sum = origin.data && sumOfSteps(origin.data.steps, bounds);
  return (
    <>
      <div className="page-head no-print">
        <h1>{t("label.title")}</h1>
        <p className="quiet">{t("origin.text")}</p>
      </div>
      <div className="bill__tools no-print">
        <Choice
          label={t("bill.period")}
          value={period}
          options={PERIODS.map((value) => ({ value, label: t(`bill.${value}`) }))}
          onChange={(chosen) => (setPeriod(chosen), setBack(0))}
        />
        <span className="bill__steps">
          <Button quiet small aria-label={t("bill.before")} onClick={() => setBack(back + 1)}>
            <ChevronLeft size={18} aria-hidden />
          </Button>
          <strong>{title}</strong>
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
      </div>
      {origin.isPending && <Waiting>{t("market.waiting")}</Waiting>}
      {origin.isError && (
        <Notice alarm title={t("origin.failed")}>
          {t("banner.indexerHint")}
        </Notice>
      )}
      {sum && drawnIn(sum) === 0 && <Card>{t("origin.none")}</Card>}
      {origin.data && sum && drawnIn(sum) > 0 && (
        <>
          <Certificate origin={origin.data} sum={sum} seat={seat.number} title={title} />
          <div className="bill__acts no-print">
            <Button quiet onClick={() => window.print()}>
              <Printer size={18} aria-hidden />
              {t("origin.print")}
            </Button>
            <Button
              quiet
              onClick={() =>
                saveFile(originCsv(origin.data), "text/csv", `energy-label-${shown}.csv`)
              }
            >
              <Download size={18} aria-hidden />
              {t("bill.csv")}
            </Button>
          </div>
          <Card className="no-print" title={t(`origin.steps.${period}`)}>
            <OriginChart
              steps={origin.data.steps}
              bounds={bounds}
              period={period}
              title={t("origin.chart", { period: title })}
            />
          </Card>
        </>
      )}
    </>
  );
}
