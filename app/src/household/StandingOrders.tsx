// Standing orders: what is ordered in every window, without another signature, said in words.

import {
  market as programs,
  parseDecimal,
  readStandingOrders,
  setStandingOrders,
  standingRule,
  wh,
  type DeliveryWindow,
  type EnteredOrder,
} from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { Button, Card, Choice, Field, Waiting } from "../ui";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { decimalText, entered, priceOfCents } from "./entry";
import { ruleSentence } from "./rule-sentence";
import { clockOf, ruleOf, type Wish } from "./standing-rule";
import { useAction } from "./use-action";

const { StandingOutcome, STANDING_ORDERS } = programs;
const HALF_HOURS = Array.from({ length: 49 }, (_, at) => at);

export function StandingOrders({ window }: { window: DeliveryWindow | undefined }) {
  const { t } = useTranslation();
  const { market } = useHousehold();
  const { data: orders } = useQuery({
    queryKey: ["live", "standing", market.owner],
    queryFn: () => readStandingOrders(market),
  });
  if (market.parameters.hasStandingOrders === 0) return <p>{t("standing.without")}</p>;
  if (!orders) return <Waiting>{t("market.waiting")}</Waiting>;
  const places = Array.from({ length: STANDING_ORDERS }, (_, place) => place);
  const free = places.find((place) => orders.every((order) => order.place !== place));
  return (
    <div className="trade">
      {window && <WishForm window={window} place={free} />}
      <Entered orders={orders} />
    </div>
  );
}

function WishForm(props: { window: DeliveryWindow; place: number | undefined }) {
  const { window, place } = props;
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const { header } = window.book;
  const action = useAction();
  const [side, setSide] = useState<Wish["side"]>("sell");
  const [amount, setAmount] = useState<"dayBefore" | "fixed">("dayBefore");
  const [energy, setEnergy] = useState(() => formats.kWh(250));
  const [limit, setLimit] = useState<"supplier" | "fixed">("supplier");
  const [cents, setCents] = useState(() =>
    formats.cents(Math.round((header.short + header.long) / 2)),
  );
  const [hours, setHours] = useState<readonly [number, number]>([20, 32]);
  const [daily, setDaily] = useState(() => formats.kWh(10_000));

  const text = (typed: string) => decimalText(typed, i18n.language);
  const whOf = (typed: string) => entered(() => wh(Number(parseDecimal(text(typed), 3))));
  const [each, most] = [whOf(energy), whOf(daily)];
  const fixed = entered(() => priceOfCents(text(cents), market.token.decimals));
  const isWhole =
    (amount === "dayBefore" || each !== undefined) &&
    (limit === "supplier" || fixed !== undefined) &&
    most !== undefined;
  const wish: Wish | undefined = isWhole
    ? {
        side,
        amount: amount === "dayBefore" ? amount : each!,
        limit: limit === "supplier" ? limit : fixed!,
        ...{ from: hours[0], to: hours[1], daily: most },
      }
    : undefined;
  const rule = wish && place !== undefined ? ruleOf(wish, header, place + 1) : undefined;
  const send = () => action.run(() => setStandingOrders(market, [{ place: place!, order: rule! }]));
  const touch =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      action.reset();
    };
  return (
    <Card className="trade__form" title={t("standing.new")}>
      <Choice
        label={t("trade.side")}
        value={side}
        options={(["sell", "buy"] as const).map((value) => ({ value, label: t(`trade.${value}`) }))}
        onChange={touch(setSide)}
      />
      <Choice
        label={t("standing.amount")}
        isLabelled
        value={amount}
        options={[
          { value: "dayBefore", label: t(`standing.dayBefore.${side}`) },
          { value: "fixed", label: t("standing.fixed") },
        ]}
        onChange={touch(setAmount)}
      />
      {amount === "fixed" && (
        <Field
          label={t("standing.energy")}
          unit="kWh"
          value={energy}
          onChange={touch(setEnergy)}
          error={each === undefined ? t("trade.noNumber") : undefined}
        />
      )}
      <Choice
        label={t("standing.price")}
        isLabelled
        value={limit}
        options={[
          { value: "supplier", label: t(`standing.supplier.${side}`) },
          { value: "fixed", label: t(`trade.limit.${side}`) },
        ]}
        onChange={touch(setLimit)}
      />
      {limit === "fixed" && (
        <Field
          label={t(`trade.limit.${side}`)}
          unit={formats.priceUnit}
          value={cents}
          onChange={touch(setCents)}
          error={fixed === undefined ? t("trade.noNumber") : undefined}
        />
      )}
      <div className="standing__hours">
        {(["from", "to"] as const).map((name, at) => (
          <label key={name} className="field">
            <span className="field__label">{t(`standing.${name}`)}</span>
            <span className="field__row">
              <select
                value={hours[at]}
                onChange={({ target }) => {
                  const chosen = Number(target.value);
                  touch(setHours)(at === 0 ? [chosen, hours[1]] : [hours[0], chosen]);
                }}
              >
                {HALF_HOURS.slice(at, 48 + at).map((half) => (
                  <option key={half} value={half}>
                    {clockOf(half)}
                  </option>
                ))}
              </select>
            </span>
          </label>
        ))}
        <Field
          label={t("standing.daily")}
          unit="kWh"
          value={daily}
          onChange={touch(setDaily)}
          error={most === undefined ? t("trade.noNumber") : undefined}
        />
      </div>
      {rule && (
        <div className="trade__sentence">
          <p>{ruleSentence(standingRule(rule), t, formats)}</p>
          <p className="quiet small">
            {t("standing.lock", { amount: formats.money(rule.lockCap) })} {t("trade.fee")}
          </p>
        </div>
      )}
      {place === undefined && <p className="quiet">{t("standing.full")}</p>}
      <div className="trade__actions">
        <Button disabled={!rule || action.isBusy} onClick={() => void send()}>
          {t("standing.enter")}
        </Button>
      </div>
      <ActionNote action={action} done={t("standing.done")} />
    </Card>
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
                  void action.run(() => setStandingOrders(market, [{ place, order: null }]))
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
