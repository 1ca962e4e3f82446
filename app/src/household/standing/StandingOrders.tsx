// Standing orders: what is ordered in every window, without another signature, said in words.

import {
  market as programs,
  readStandingOrders,
  setStandingOrders,
  type DeliveryWindow,
  type EnteredOrder,
} from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import { Button, Card, Notice, Waiting } from "../../ui";
import { ActionNote } from "../ActionNote";
import { useHousehold } from "../context";
import { useAction } from "../use-action";
import { ruleSentence } from "./sentence";
import { WishForm } from "./WishForm";

const StandingOutcome = programs.StandingOutcome;
const STANDING_ORDERS = programs.STANDING_ORDERS;

export function StandingOrders({ window }: { window: DeliveryWindow | undefined }) {
  const { t } = useTranslation();
  const { market } = useHousehold();
  // For a moment no window may be open: what is typed stays, with the prices of the last one.
  const [last, setLast] = useState(window);
  if (window && window !== last) setLast(window);
  const shown = window ?? last;
  const { data: orders } = useQuery({
    queryKey: ["live", "standing", market.owner],
    queryFn: () => readStandingOrders(market),
  });
  if (market.parameters.hasStandingOrders === 0) return <p>{t("standing.without")}</p>;
  if (!orders) return <Waiting>{t("market.waiting")}</Waiting>;
  const places = Array.from({ length: STANDING_ORDERS }, (_, place) => place);
  const free = places.find((place) => orders.every((order) => order.place !== place));
  return (
    <>
      {shown ? (
        <div className="trade">
          <WishForm window={shown} place={free} />
        </div>
      ) : (
        <Notice title={t("window.waiting")}>{t("standing.waiting")}</Notice>
      )}
      <Entered orders={orders} />
    </>
  );
}

function Entered({ orders }: { orders: readonly EnteredOrder[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const action = useAction();
  return (
    <Card title={t("standing.yours")}>
      {orders.length === 0 && <p className="quiet">{t("standing.none")}</p>}
      <ul className="orders">
        {orders.map(({ place, rule, outcome, window }) => {
          const name = ruleSentence(rule, t, formats);
          const came = StandingOutcome[outcome] as keyof typeof StandingOutcome;
          return (
            <li key={place}>
              <span className="orders__what">
                <strong>{name}</strong>
                <span className="quiet small">
                  {outcome !== StandingOutcome.Never && `${formats.dayTime(window)}: `}
                  {t(`standing.outcome.${came}`)}
                </span>
              </span>
              <Button
                quiet
                small
                disabled={action.isBusy}
                aria-label={t("standing.removeThis", { order: name })}
                onClick={() =>
                  void action.run(t("standing.removeThis", { order: name }), (options) =>
                    setStandingOrders(market, [{ place, order: null }], options),
                  )
                }
              >
                {t("standing.remove")}
              </Button>
            </li>
          );
        })}
      </ul>
      <ActionNote action={action} done={t("standing.removed")} />
    </Card>
  );
}
