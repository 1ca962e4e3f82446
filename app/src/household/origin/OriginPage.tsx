// Energy labels: where a household's energy of a day, a month or a year came from, as a picture, a table and a certificate.

import { Download, Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { PeriodChoice } from "../../bill/PeriodChoice";
import { saveFile } from "../../bill/save-file";
import { useConfiguration, useNow } from "../../chain/market-context";
import { dayOf } from "../../format/calendar";
import { boundsOf, periodOf, titleOf, type PeriodKind } from "../../format/period";
import { useFormats } from "../../format/use-formats";
import { useIndexer } from "../../indexer/context";
import { Button, Card, Notice, Waiting } from "../../ui";
import type { NumberedSeat } from "../Guard";
import { Certificate } from "./Certificate";
import { drawnIn, sumOfSteps } from "./origin";
import { OriginChart } from "./OriginChart";
import { originCsv } from "./origin-csv";
import { useOrigin } from "./use-origin";

export function OriginPage({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const indexer = useIndexer();
  const { timeZone } = useConfiguration();
  const now = useNow(10_000);
  const [kind, setKind] = useState<PeriodKind>("day");
  const [ago, setAgo] = useState(0);
  const period = now === undefined ? undefined : periodOf(dayOf(now, timeZone), kind, ago);
  const origin = useOrigin(seat.number, period, now);
  if (!indexer) return <Notice>{t("market.noIndexer")}</Notice>;
  if (!period) return <Waiting>{t("market.waiting")}</Waiting>;
  const bounds = boundsOf(period, timeZone);
  const title = titleOf(period, formats);
  const sum = origin.data && sumOfSteps(origin.data.steps, bounds);
  return (
    <>
      <div className="page-head no-print">
        <h1>{t("label.title")}</h1>
        <p className="quiet">{t("origin.text")}</p>
      </div>
      <PeriodChoice
        period={period}
        ago={ago}
        onChange={(other, before) => (setKind(other), setAgo(before))}
      />
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
                saveFile(originCsv(origin.data), "text/csv", `energy-label-${period.name}.csv`)
              }
            >
              <Download size={18} aria-hidden />
              {t("bill.csv")}
            </Button>
          </div>
          <Card className="no-print" title={t(`origin.steps.${kind}`)}>
            <OriginChart
              steps={origin.data.steps}
              bounds={bounds}
              kind={kind}
              title={t("origin.chart", { period: title })}
            />
          </Card>
        </>
      )}
    </>
  );
}
