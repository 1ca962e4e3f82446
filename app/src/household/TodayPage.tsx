// A household's day: what flowed, what it cost, what comes next.

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useConfiguration, useMarket, useNow } from "../chain/market-context";
import { dayBounds, dayOf } from "../format/calendar";
import { useFormats } from "../format/use-formats";
import { useIndexer } from "../indexer/context";
import { NextWindow } from "../market/NextWindow";
import { PricesOfDay } from "../market/PricesOfDay";
import { Notice, Waiting } from "../ui";
import { accountOf } from "../bill/account";
import { FlowPicture } from "./FlowPicture";
import type { NumberedSeat } from "./Guard";
import { NextStep } from "./NextStep";
import { usePositions, useQualities } from "./queries";
import { Balance } from "./today/Balance";
import { Coming } from "./today/Coming";
import { Cost } from "./today/Cost";
import { DayWindows } from "./today/DayWindows";

/** Windows of the next day are open before this one ends. */
const AHEAD_SECONDS = 6 * 3_600;

export function TodayPage({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useConfiguration();
  const indexer = useIndexer();
  const { parameters } = useMarket();
  const now = useNow(1_000);
  const day = now === undefined ? undefined : dayOf(now, timeZone);
  const bounds = useMemo(() => (day ? dayBounds(day, timeZone) : undefined), [day, timeZone]);
  const told = usePositions(seat.number, bounds?.[0], bounds && bounds[1] + AHEAD_SECONDS);
  const { data: qualities } = useQualities(bounds?.[0], bounds?.[1]);
  const seconds = parameters.windowSeconds;
  const { decimals } = formats.options;
  const known = useMemo(() => {
    if (!told.data || now === undefined) return undefined;
    const { positions, windows } = told.data;
    const isOver = ({ start }: { start: number }) => start + seconds <= now;
    const past = positions.filter(isOver);
    // What contracts earn in windows that are not over, or nobody has measured, is not the day's yet.
    const heard = past.filter(({ meters_missing, meters }) => meters_missing < meters);
    const coming = positions.filter((position) => !isOver(position));
    return { past, heard, coming, windows, account: accountOf(heard, windows, decimals) };
  }, [told.data, now, decimals, seconds]);
  if (!bounds) return <Waiting>{t("market.waiting")}</Waiting>;
  const heard = known?.heard.at(-1);
  return (
    <>
      <NextStep seat={seat} />
      <section className="day-so-far" aria-labelledby="today-title">
        <div className="day-so-far__words">
          <h1 id="today-title" className="next__title">
            {t("today.title", { day: formats.day(bounds[0]) })}
          </h1>
          {known &&
            (known.account.windows > 0 ? (
              <Cost account={known.account} />
            ) : (
              <p className="next__none">{t("today.nothing")}</p>
            ))}
        </div>
        {known ? (
          <FlowPicture flows={known.account.flows ?? NOTHING} />
        ) : (
          indexer &&
          (told.isError ? (
            <p className="quiet">{t("weather.noHistory")}</p>
          ) : (
            <Waiting>{t("market.waiting")}</Waiting>
          ))
        )}
        {!indexer && <Notice>{t("market.noIndexer")}</Notice>}
        <div className="day-so-far__foot small">
          <p className="quiet">
            {heard
              ? t("today.heard", { time: formats.time(heard.start + seconds) })
              : t("today.notHeard")}
          </p>
          <p className="day-so-far__links">
            <Link href="/bill">{t("today.cost.bill")}</Link>
            <Link href="/origin">{t("origin.more")}</Link>
          </p>
        </div>
      </section>
      <div className="today">
        {known && (
          <DayWindows
            positions={known.past}
            windows={known.windows}
            told={qualities}
            bounds={bounds}
            seconds={seconds}
          />
        )}
        <div className="today__beside">
          <Coming seat={seat} positions={known?.coming ?? []} />
          <Balance seat={seat} />
        </div>
      </div>
      <NextWindow level={2} />
      {indexer && <PricesOfDay bounds={bounds} now={now} />}
    </>
  );
}

const NOTHING = { own: 0, fromNeighbours: 0, fromSupplier: 0, toNeighbours: 0, toSupplier: 0 };
