// The windows that are being delivered or come: until when they take orders, what they would come to, and what the seat has in them.

import { ordersOf, type DeliveryWindow, type OwnOrder } from "@joulebook/client";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useMarketState, useNow } from "../../chain/market-context";
import { useFormats } from "../../format/use-formats";
import type { Schemas } from "../../indexer/client";
import { crossingOf } from "../../market/crossing";
import { isOpen } from "../../market/NextWindow";
import { Card } from "../../ui";
import type { NumberedSeat } from "../Guard";

const SHOWN = 6;

export function Coming(props: {
  seat: NumberedSeat;
  /** What the indexer tells of the seat in windows that are not over. */
  positions: readonly Schemas["PositionItem"][];
}) {
  const { seat, positions } = props;
  const { t } = useTranslation();
  const { windows } = useMarketState();
  const now = useNow(1_000);
  const coming = windows
    .filter(({ end }) => now === undefined || now < Number(end))
    .slice(0, SHOWN);
  return (
    <Card
      className="today__coming"
      title={t("today.coming.title")}
      aside={<Link href="/trade">{t("today.coming.trade")}</Link>}
    >
      {coming.length === 0 && <p className="quiet">{t("window.waiting")}</p>}
      <ul className="coming">
        {coming.map((window) => (
          <ComingWindow
            key={String(window.start)}
            window={window}
            orders={ordersOf(window, seat.number)}
            position={positions.find(({ start }) => BigInt(start) === window.start)}
            now={now}
          />
        ))}
      </ul>
    </Card>
  );
}

function ComingWindow(props: {
  window: DeliveryWindow;
  orders: readonly OwnOrder[];
  position: Schemas["PositionItem"] | undefined;
  now: number | undefined;
}) {
  const { window, orders, position, now } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const crossing = crossingOf(window);
  const open = isOpen(window, now);
  const { start, end, gate } = window;
  const [stage, until] = open
    ? (["closes", gate] as const)
    : now !== undefined && now < Number(start)
      ? (["starts", start] as const)
      : (["ends", end] as const);
  const net = position ? position.bought_wh - position.sold_wh : 0;
  return (
    <li>
      <span className="number coming__time">{formats.span(start, end)}</span>
      <span className="quiet number">
        {crossing ? formats.price(crossing.price) : t("today.coming.noPrice")}
      </span>
      <span className="quiet small">
        {now !== undefined &&
          t(`today.coming.${stage}`, { time: formats.countdown(Number(until) - now) })}
      </span>
      {net !== 0 && (
        <strong>
          {t(net > 0 ? "today.coming.bought" : "today.coming.sold", {
            energy: formats.energy(Math.abs(net)),
          })}
        </strong>
      )}
      {open && (
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
      )}
    </li>
  );
}
