// The orders that stand, and what can be done with them.

import { cancelOrders, market, type DeliveryWindow, type OwnOrder } from "@joulebook/client";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { crossingOf } from "../market/crossing";
import { Button, Card } from "../ui";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { useAction } from "./use-action";

export function OrderList(props: {
  orders: readonly OwnOrder[];
  windows: readonly DeliveryWindow[];
  onChange: (order: OwnOrder) => void;
}) {
  const { orders, windows, onChange } = props;
  const { t } = useTranslation();
  const formats = useFormats();
  const { market: handle } = useHousehold();
  const action = useAction();
  return (
    <Card title={t("orders.title")}>
      {orders.length === 0 && <p className="quiet">{t("orders.none")}</p>}
      <ul className="orders">
        {orders.map((order) => {
          const window = windows.find(({ start }) => start === order.window);
          if (!window) return null;
          const name = t(order.side === 0 ? "orders.buy" : "orders.sell", {
            energy: formats.energy(order.quantity),
            price: formats.price(order.limit),
          });
          const span = formats.span(window.start, window.end);
          return (
            <li key={`${order.window}-${order.index}-${order.sequence}`}>
              <span className="orders__what">
                <strong>{name}</strong>
                <span className="quiet">
                  <span className="number">{span}</span>,{" "}
                  {t(`orderState.${stateOf(order, window)}`)}
                </span>
              </span>
              <span className="orders__acts">
                <Button
                  quiet
                  small
                  disabled={action.isBusy}
                  onClick={() => onChange(order)}
                  aria-label={t("orders.changeThis", { order: name, span })}
                >
                  {t("orders.change")}
                </Button>
                <Button
                  quiet
                  small
                  disabled={action.isBusy}
                  onClick={() =>
                    void action.run(t("orders.cancelThis", { order: name, span }), (options) =>
                      cancelOrders(handle, [order], options),
                    )
                  }
                  aria-label={t("orders.cancelThis", { order: name, span })}
                >
                  {t("orders.cancel")}
                </Button>
              </span>
            </li>
          );
        })}
      </ul>
      <ActionNote action={action} done={t("orders.cancelled")} />
    </Card>
  );
}

/** What would come of it if orders closed now. */
export function stateOf(
  { side, limit }: Pick<OwnOrder, "side" | "limit">,
  window: DeliveryWindow,
): "noPrice" | "would" | "wouldNot" {
  const crossing = crossingOf(window);
  if (!crossing) return "noPrice";
  const isGood = side === market.Side.Buy ? limit >= crossing.price : limit <= crossing.price;
  return isGood ? "would" : "wouldNot";
}
