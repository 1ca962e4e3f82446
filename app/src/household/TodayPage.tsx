// A household's day: what flowed, what it cost, what comes next.

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { ordersOf } from "@joulebook/client";

import { useConfiguration, useMarket, useMarketState, useNow } from "../chain/market-context";
import { dayBounds, dayOf } from "../format/calendar";
import { useFormats } from "../format/use-formats";
import { useIndexer } from "../indexer/context";
import { isOpen } from "../market/NextWindow";
import { crossingOf } from "../market/crossing";
import { Card, DataTable, Notice, Stat, Waiting } from "../ui";
import { accountOf, type Account } from "../bill/account";
import { FlowPicture } from "./FlowPicture";
import { HouseDayChart } from "./HouseDayChart";
import type { NumberedSeat } from "./Guard";
import { useMeters, usePositions } from "./queries";

export function TodayPage({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { timeZone } = useConfiguration();
  const indexer = useIndexer();
  const { parameters } = useMarket();
  const now = useNow(1_000);
  const day = now === undefined ? undefined : dayOf(now, timeZone);
  const bounds = useMemo(() => (day ? dayBounds(day, timeZone) : undefined), [day, timeZone]);
  const told = usePositions(seat.number, bounds?.[0], bounds?.[1]);
  const { decimals } = formats.options;
  // Of windows that are over: what contracts earn before that is not the day's yet.
  const past = useMemo(() => {
    if (!told.data || now === undefined) return undefined;
    const over = told.data.positions.filter(
      ({ start, meters_missing, meters }) =>
        start + parameters.windowSeconds <= now && meters_missing < meters,
    );
    return { positions: over, account: accountOf(over, told.data.windows, decimals) };
  }, [told.data, now, decimals, parameters.windowSeconds]);
  if (!bounds) return <Waiting>{t("market.waiting")}</Waiting>;
  const heard = past?.positions.at(-1);
  const seconds = parameters.windowSeconds;
  return (
    <>
      <section className="day-so-far" aria-labelledby="today-title">
        <div className="day-so-far__words">
          <h1 id="today-title" className="next__title">
            {t("today.title", { day: formats.day(bounds[0]) })}
          </h1>
          {past &&
            (past.account.windows > 0 ? (
              <Cost account={past.account} />
            ) : (
              <p className="next__none">{t("today.nothing")}</p>
            ))}
        </div>
        {past ? (
          <FlowPicture flows={past.account.flows ?? NOTHING} />
        ) : (
          indexer &&
          (told.isError ? (
            <p className="quiet">{t("weather.noHistory")}</p>
          ) : (
            <Waiting>{t("market.waiting")}</Waiting>
          ))
        )}
        {!indexer && <Notice>{t("market.noIndexer")}</Notice>}
        <Heard until={heard && heard.start + seconds} />
      </section>
      <div className="today">
        {past && told.data && past.positions.length > 0 && (
          <Card title={t("today.windows.title")}>
            <HouseDayChart
              positions={past.positions}
              bounds={bounds}
              seconds={seconds}
              title={t("today.windows.title")}
            />
            <Windows told={told.data} now={now ?? 0} seconds={seconds} />
          </Card>
        )}
        <Coming seat={seat} />
      </div>
    </>
  );
}

const NOTHING = { own: 0, fromNeighbours: 0, fromSupplier: 0, toNeighbours: 0, toSupplier: 0 };

/** Until when the meter's values are known. */
function Heard({ until }: { until: number | undefined }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: meters } = useMeters();
  if (meters?.length === 0)
    return <Notice title={t("start.meter.missing")}>{t("start.meter.hint")}</Notice>;
  return (
    <p className="quiet small">
      {until === undefined ? t("today.notHeard") : t("today.heard", { time: formats.time(until) })}
    </p>
  );
}

function Cost({ account }: { account: Account }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { paid: total, alone } = account.compared ?? { paid: account.total, alone: 0n };
  const saved = alone - total;
  return (
    <>
      <p className="next__price">
        <span className="next__number number">{formats.money(size(total))}</span>
      </p>
      <p className="next__sentence">
        {total < 0n ? t("today.cost.earned") : t("today.cost.paid")}{" "}
        <strong className="day-so-far__saved">
          {saved >= 0n
            ? t("today.cost.saved", { amount: formats.fineMoney(saved) })
            : t("today.cost.lost", { amount: formats.fineMoney(-saved) })}
        </strong>
      </p>
      <div className="today__bars">
        <Bar label={t("today.cost.here")} amount={total} most={max(total, alone)} kind="here" />
        <Bar label={t("today.cost.alone")} amount={alone} most={max(total, alone)} kind="alone" />
      </div>
      <p>
        <Link href="/bill">{t("today.cost.bill")}</Link>
      </p>
    </>
  );
}

const size = (amount: bigint) => (amount < 0n ? -amount : amount);
const max = (one: bigint, other: bigint) => (size(one) > size(other) ? size(one) : size(other));

function Bar(props: { label: string; amount: bigint; most: bigint; kind: string }) {
  const formats = useFormats();
  const { label, amount, most, kind } = props;
  const share = most === 0n ? 0 : Number((size(amount) * 1000n) / most) / 10;
  return (
    <div className={`today__bar today__bar--${kind}`}>
      <span>{label}</span>
      <span className="number">{formats.money(amount)}</span>
      <span className="track">
        <span style={{ inlineSize: `${share}%` }} />
      </span>
    </div>
  );
}

/** What the seat has ordered in the windows that come. */
function Coming({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { windows } = useMarketState();
  const now = useNow(1_000);
  const open = windows.filter((window) => isOpen(window, now)).slice(0, 4);
  return (
    <Card
      className="today__coming"
      title={t("today.coming.title")}
      aside={<Link href="/trade">{t("today.coming.trade")}</Link>}
    >
      {open.length === 0 && <p className="quiet">{t("window.waiting")}</p>}
      <ul className="coming">
        {open.map((window) => {
          const orders = ordersOf(window, seat.number);
          const crossing = crossingOf(window);
          return (
            <li key={String(window.start)}>
              <span className="number coming__time">{formats.span(window.start, window.end)}</span>
              <span className="quiet">
                {crossing ? formats.price(crossing.price) : t("today.coming.noPrice")}
              </span>
              <span>
                {orders.length === 0
                  ? t("today.coming.none")
                  : orders
                      .map(({ side, quantity, limit }) =>
                        t(side === 0 ? "today.coming.buy" : "today.coming.sell", {
                          energy: formats.energy(quantity),
                          price: formats.price(limit),
                        }),
                      )
                      .join(", ")}
              </span>
            </li>
          );
        })}
      </ul>
      <div className="today__money">
        <Stat label={t("money.free")} value={formats.money(seat.free)} />
        <Stat label={t("money.locked")} value={formats.money(seat.locked)} />
      </div>
    </Card>
  );
}

function Windows(props: {
  told: NonNullable<ReturnType<typeof usePositions>["data"]>;
  now: number;
  seconds: number;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { positions, windows } = props.told;
  const prices = new Map(windows.map(({ start, price }) => [start, price]));
  return (
    <DataTable
      summary={t("chart.table")}
      caption={t("today.windows.title")}
      columns={[
        t("day.window"),
        t("today.windows.drawn"),
        t("today.windows.fedIn"),
        t("today.windows.bought"),
        t("today.windows.sold"),
        t("day.price"),
        t("today.windows.meter"),
      ]}
      rows={positions
        .filter(({ start }) => start < props.now)
        .reverse()
        .map((position) => {
          const price = prices.get(position.start);
          return [
            formats.span(position.start, position.start + props.seconds),
            formats.energy(position.import_wh),
            formats.energy(position.export_wh),
            formats.energy(position.bought_wh),
            formats.energy(position.sold_wh),
            price ? formats.price(price.atoms_per_kwh) : "–",
            position.meters_missing > 0
              ? t("today.windows.missing")
              : position.is_final
                ? t("today.windows.final")
                : t("today.windows.measured"),
          ];
        })}
    />
  );
}
