// The living market, for whoever comes by.

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";

import { useConfiguration, useMarket, useNow } from "../chain/market-context";
import { addDays, dayBounds, dayOf, startOfDay } from "../format/calendar";
import { useFormats } from "../format/use-formats";
import { useIndexer } from "../indexer/context";
import { Card, Choice, Notice, Stat, Waiting } from "../ui";
import { Boundary } from "../ui/Boundary";
import { DayChart, type DayWindow } from "./DayChart";
import { useDayWindows } from "./day-windows";
import { NextWindow } from "./NextWindow";
import { MonthChart } from "./MonthChart";
import { usePrices, useSources, useWindows } from "./queries";
import { Sources } from "./Sources";

const DAYS = ["month", "yesterday", "today"] as const;
const MONTH_DAYS = 30;

export function MarketPage() {
  const { t } = useTranslation();
  return (
    <div className="market">
      <NextWindow />
      {useIndexer() ? (
        // Whatever the history is, the present stays.
        <Boundary>
          <Day />
        </Boundary>
      ) : (
        <Notice>{t("market.noIndexer")}</Notice>
      )}
      <HowItWorks />
    </div>
  );
}

function Day() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useConfiguration();
  const { parameters } = useMarket();
  const now = useNow(1_000);
  const [name, setName] = useState<(typeof DAYS)[number]>("today");
  const today = now === undefined ? undefined : dayOf(now, timeZone);
  const day = today && (name === "yesterday" ? addDays(today, -1) : today);
  const bounds = useMemo(() => (day ? dayBounds(day, timeZone) : undefined), [day, timeZone]);
  const told = useWindows(bounds?.[0], bounds?.[1]);
  const windows = useDayWindows(told.data, bounds, now);
  const sources = useSources(day?.slice(0, 7), timeZone);
  if (!bounds || told.isPending) return <Waiting>{t("market.waiting")}</Waiting>;
  const traded = windows.filter(({ price, isOver }) => price !== undefined && isOver);
  const volume = traded.reduce((sum, each) => sum + each.volume, 0);
  const mean = (of: (window: DayWindow) => number) =>
    Math.round(traded.reduce((sum, each) => sum + of(each) * each.volume, 0) / Math.max(volume, 1));
  return (
    <>
      <Card
        className="market__day"
        title={name === "month" ? t("month.title") : formats.day(bounds[0])}
        aside={
          <Choice
            label={t("day.choose")}
            value={name}
            options={DAYS.map((value) => ({ value, label: t(`day.${value}`) }))}
            onChange={setName}
          />
        }
      >
        {name === "month" ? (
          <Month today={today!} />
        ) : (
          <DayChart
            windows={windows}
            bounds={bounds}
            seconds={parameters.windowSeconds}
            now={now}
            title={t("day.title", { day: formats.day(bounds[0]) })}
          />
        )}
      </Card>
      <Card title={t("market.sums")}>
        {/* Books alone know a few windows: their sums are not the day's. */}
        {!told.data && <p className="quiet">{t("weather.noHistory")}</p>}
        <div className="market__stats" hidden={!told.data}>
          <Stat label={t("market.traded")} value={formats.energy(volume)} />
          {volume > 0 && (
            <>
              <Stat
                label={t("market.meanPrice")}
                value={formats.price(mean(({ price }) => price ?? 0))}
              />
              <Stat
                label={t("market.supplier")}
                value={formats.price(mean(({ retail }) => retail))}
                note={t("market.supplierNote", {
                  price: formats.price(mean(({ feedIn }) => feedIn)),
                })}
              />
            </>
          )}
        </div>
      </Card>
      <Card title={t("sources.title", { month: formats.month(bounds[0] + 43_200) })}>
        {sources.data ? (
          <Sources fedIn={sources.data.fed_in} />
        ) : sources.isError ? (
          <p className="quiet">{t("weather.noHistory")}</p>
        ) : (
          <Waiting>{t("market.waiting")}</Waiting>
        )}
      </Card>
    </>
  );
}

function Month({ today }: { today: string }) {
  const { t } = useTranslation();
  const { timeZone } = useConfiguration();
  const bounds = useMemo(
    () =>
      [
        startOfDay(addDays(today, 1 - MONTH_DAYS), timeZone),
        startOfDay(addDays(today, 1), timeZone),
      ] as const,
    [today, timeZone],
  );
  const { data, isError } = usePrices(...bounds, 86_400);
  if (!data && isError) return <p className="quiet">{t("weather.noHistory")}</p>;
  if (!data) return <Waiting>{t("market.waiting")}</Waiting>;
  return <MonthChart days={data} bounds={bounds} title={t("month.title")} />;
}

function HowItWorks() {
  const { t } = useTranslation();
  return (
    <section className="how" aria-labelledby="how-title">
      <h2 id="how-title">{t("how.title")}</h2>
      <ol>
        {(["offer", "meet", "settle"] as const).map((step) => (
          <li key={step}>
            <h3>{t(`how.${step}.title`)}</h3>
            <p className="quiet">{t(`how.${step}.text`)}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
