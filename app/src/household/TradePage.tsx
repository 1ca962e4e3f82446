// Orders: what one would buy or sell, as a sentence and on the curves before it is signed.

import {
  enteredOrder,
  orderLock,
  ordersOf,
  parseDecimal,
  placeOrders,
  priceAt,
  replaceOrders,
  wh,
  type DeliveryWindow,
  type OwnOrder,
  type SendOptions,
} from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMarketState, useNow } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { CrossingChart } from "../market/CrossingChart";
import { crossingOf } from "../market/crossing";
import { isOpen } from "../market/NextWindow";
import { Button, Card, Choice, Field, Notice, Waiting } from "../ui";
import { ActionNote } from "./ActionNote";
import { Agent } from "./Agent";
import { useHousehold } from "./context";
import {
  CENT_DECIMALS,
  decimalText,
  entered,
  entryText,
  KWH_DECIMALS,
  priceOfCents,
} from "./entry";
import type { NumberedSeat } from "./Guard";
import { NextStep } from "./NextStep";
import { OrderList } from "./OrderList";
import { StandingOrders } from "./standing/StandingOrders";
import { useAction, type Action } from "./use-action";

const SIDES = ["buy", "sell"] as const;
const OFTEN = ["once", "always"] as const;
type SideName = (typeof SIDES)[number];

export function TradePage({ seat }: { seat: NumberedSeat }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { windows } = useMarketState();
  const now = useNow(500);
  const action = useAction();
  const [chosen, setChosen] = useState<string>();
  const [changed, setChanged] = useState<OwnOrder>();
  const [often, setOften] = useState<(typeof OFTEN)[number]>("once");
  const open = windows.filter((window) => isOpen(window, now));
  // Of a window that has closed meanwhile, nothing can be changed any more.
  const editing =
    changed && open.some(({ start }) => start === changed.window) ? changed : undefined;
  const isTooLate = changed !== undefined && editing === undefined;
  const wanted = editing ? String(editing.window) : chosen;
  const next = open.find(({ start }) => String(start) === wanted) ?? open[1] ?? open[0];
  // Between two windows the form stays, with what was typed.
  const [last, setLast] = useState(next);
  if (next && next !== last) setLast(next);
  const window = next ?? last;
  const orders = windows.flatMap((each) => (isOpen(each, now) ? ordersOf(each, seat.number) : []));
  return (
    <>
      <div className="page-head">
        <h1>{t("trade.title")}</h1>
        <p className="quiet">{t("trade.text")}</p>
      </div>
      <NextStep seat={seat} />
      <div>
        <Choice
          label={t("standing.choose")}
          value={often}
          options={OFTEN.map((value) => ({ value, label: t(`standing.${value}`) }))}
          onChange={setOften}
        />
      </div>
      {often === "always" ? (
        <>
          <StandingOrders window={window} />
          <Agent seat={seat} window={window} />
        </>
      ) : (
        <>
          {!window ? (
            <Waiting>{t("window.waiting")}</Waiting>
          ) : (
            <>
              <div className="trade__windows" hidden={open.length === 0}>
                <Choice
                  label={t("window.choose")}
                  value={String(window.start)}
                  options={open.map(({ start, gate }) => ({
                    value: String(start),
                    label: (
                      <span className="number">
                        {formats.time(start)}{" "}
                        <span className="quiet small">
                          {now !== undefined &&
                            t("trade.left", { time: formats.countdown(Number(gate) - now) })}
                        </span>
                      </span>
                    ),
                  }))}
                  onChange={(start) => (setChosen(start), setChanged(undefined))}
                />
              </div>
              {isTooLate && (
                <Notice
                  alarm
                  title={t("weather.late.title", { time: formats.time(changed.window) })}
                >
                  {t("weather.late.text")}
                </Notice>
              )}
              <OrderForm
                key={editing ? `${editing.window}-${editing.index}-${editing.sequence}` : "new"}
                window={window}
                changed={editing}
                action={action}
                open={open}
                isClosed={!next}
                onDone={() => setChanged(undefined)}
              />
            </>
          )}
          <OrderList
            orders={orders}
            windows={open}
            onChange={(order) => {
              setChosen(String(order.window));
              setChanged(order);
              action.reset();
            }}
          />
        </>
      )}
    </>
  );
}

function OrderForm(props: {
  window: DeliveryWindow;
  changed: OwnOrder | undefined;
  action: Action;
  /** Those that take orders. */
  open: readonly DeliveryWindow[];
  /** It takes no orders any more, and there is none yet that does. */
  isClosed: boolean;
  onDone: () => void;
}) {
  const { window, changed, action, open, isClosed, onDone } = props;
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const { header } = window.book;
  const { decimals } = market.token;
  // Which window was meant when something was last typed: it may close meanwhile, and the next one takes its place.
  const [meant, setMeant] = useState<bigint>();
  const touch = () => {
    setMeant(window.start);
    action.reset();
  };
  const hasMoved = meant !== undefined && open.every(({ start }) => start !== meant);
  const [side, setSide] = useState<SideName>(changed?.side === 1 ? "sell" : "buy");
  const typed = (units: number, digits: number) => entryText(units, digits, i18n.language);
  const [energy, setEnergy] = useState(() => typed(changed?.quantity ?? 500, KWH_DECIMALS));
  const inCents = (limit: number) => typed(limit, decimals - CENT_DECIMALS);
  const [cents, setCents] = useState(() =>
    inCents(
      changed?.limit ?? crossingOf(window)?.price ?? Math.round((header.short + header.long) / 2),
    ),
  );

  const text = (said: string) => decimalText(said, i18n.language);
  const quantity = entered(() => wh(Number(parseDecimal(text(energy), 3))));
  const limit = entered(() => priceOfCents(text(cents), decimals));
  const entry =
    quantity === undefined || limit === undefined
      ? undefined
      : side === "buy"
        ? { buy: quantity, atMost: limit }
        : { sell: quantity, atLeast: limit };
  const order = entry && entered(() => enteredOrder(header, market.token, entry));
  const tickPrice = order && priceAt(header, order.tick);
  const lock = order && orderLock(header, order);
  const sentence =
    order && tickPrice !== undefined
      ? t(`trade.sentence.${side}`, {
          energy: formats.energy(order.quantity),
          price: formats.price(tickPrice),
          span: formats.span(window.start, window.end),
        })
      : undefined;
  const bounds = [
    priceAt(header, 0 as never)!,
    priceAt(header, (header.ticks - 1) as never)!,
  ] as const;

  const send = async () => {
    if (!entry || !sentence) return;
    const act = async (options: SendOptions) => {
      const placed = changed
        ? await replaceOrders(market, window.start, [changed], [entry], options)
        : await placeOrders(market, window.start, [entry], options);
      return placed.receipt;
    };
    const what = changed ? `${t("trade.replace")}: ${sentence}` : sentence;
    if (await action.run(what, act)) onDone();
  };

  return (
    <div className="trade">
      <Card className="trade__form" title={changed ? t("trade.change") : t("trade.new")}>
        <Choice
          label={t("trade.side")}
          value={side}
          options={SIDES.map((value) => ({ value, label: t(`trade.${value}`) }))}
          onChange={(chosen) => (setSide(chosen), touch())}
        />
        <Field
          label={t("trade.energy")}
          unit="kWh"
          value={energy}
          onChange={(said) => (setEnergy(said), touch())}
          error={quantity === undefined ? t("trade.noNumber") : undefined}
        />
        <Field
          label={t(`trade.limit.${side}`)}
          unit={formats.priceUnit}
          value={cents}
          onChange={(said) => (setCents(said), touch())}
          error={
            limit === undefined
              ? t("trade.noNumber")
              : order === undefined
                ? t("trade.offGrid", {
                    from: formats.price(bounds[0]),
                    to: formats.price(bounds[1]),
                  })
                : undefined
          }
        />
        <input
          type="range"
          className="trade__range"
          aria-label={t(`trade.limit.${side}`)}
          min={header.long}
          max={header.short}
          step={header.tickSize}
          value={limit ?? header.long}
          onChange={({ target }) => (setCents(inCents(Number(target.value))), touch())}
        />
        <div className="trade__ends quiet small">
          <span>{t("trade.feedIn", { price: formats.cents(header.long) })}</span>
          <span>{t("trade.retail", { price: formats.cents(header.short) })}</span>
        </div>
        {sentence && lock !== undefined && (
          <div className="trade__sentence">
            <p>{sentence}</p>
            <p className="quiet small">
              {t(`trade.lock.${side}`, { amount: formats.fineMoney(lock) })} {t("trade.fee")}
            </p>
          </div>
        )}
        {isClosed && (
          <Notice title={t("weather.closed.title", { time: formats.time(window.start) })}>
            {t("weather.closed.text")}
          </Notice>
        )}
        {hasMoved && !isClosed && (
          <Notice
            title={t("trade.moved", { from: formats.time(meant), to: formats.time(window.start) })}
          />
        )}
        <div className="trade__actions">
          <Button
            disabled={!order || lock === undefined || action.isBusy || isClosed}
            onClick={() => void send()}
          >
            {changed ? t("trade.replace") : t(`trade.place.${side}`)}
          </Button>
          {changed && (
            <Button quiet onClick={onDone}>
              {t("trade.keep")}
            </Button>
          )}
        </div>
        <ActionNote action={action} done={t("trade.done")} />
      </Card>
      <Card
        className="trade__chart"
        title={t("trade.chart", { span: formats.span(window.start, window.end) })}
      >
        <CrossingChart
          window={window}
          draft={
            tickPrice === undefined || !order
              ? undefined
              : { side, price: tickPrice, energy: order.quantity }
          }
        />
        {header.liveOrders === 0 && <Notice>{t("trade.first")}</Notice>}
      </Card>
    </div>
  );
}
