// A standing order as it is put together: from a phrase or piece by piece, with its sentence and its curve before it is signed.

import {
  parseDecimal,
  setStandingOrders,
  standingRule,
  wh,
  type DeliveryWindow,
} from "@joulebook/client";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../../format/use-formats";
import { Button, Card, Choice, Field } from "../../ui";
import { ActionNote } from "../ActionNote";
import { useHousehold } from "../context";
import {
  CENT_DECIMALS,
  decimalText,
  entered,
  entryText,
  KWH_DECIMALS,
  priceOfCents,
} from "../entry";
import { useAction } from "../use-action";
import { clockOf } from "./half-hours";
import { ruleOf, type Wish } from "./rule";
import { ruleSentence } from "./sentence";
import { StandingCurve } from "./StandingCurve";
import { useDayBefore } from "./use-day-before";

const HALF_HOURS = Array.from({ length: 49 }, (_, at) => at);

/** What is chosen and typed. */
type Draft = Readonly<{
  side: Wish["side"];
  amount: "dayBefore" | "fixed";
  energy: string;
  limit: "supplier" | "fixed";
  cents: string;
  hours: readonly [number, number];
  daily: string;
}>;

export function WishForm(props: { window: DeliveryWindow; place: number | undefined }) {
  const { window, place } = props;
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const { header } = window.book;
  const { decimals } = market.token;
  const action = useAction();
  const typed = (units: number, digits: number) => entryText(units, digits, i18n.language);
  const centsOf = (price: number) => typed(price, decimals - CENT_DECIMALS);
  const phrases = phrasesOf(centsOf, decimals);
  const [draft, setDraft] = useState<Draft>(() => ({
    ...{ side: "sell", amount: "dayBefore", limit: "supplier", hours: [20, 32] },
    energy: typed(250, KWH_DECIMALS),
    cents: centsOf(Math.round((header.short + header.long) / 2)),
    daily: typed(10_000, KWH_DECIMALS),
  }));
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    action.reset();
  };
  const { side, amount, energy, limit, cents, hours, daily } = draft;

  const text = (said: string) => decimalText(said, i18n.language);
  const whOf = (said: string) => entered(() => wh(Number(parseDecimal(text(said), KWH_DECIMALS))));
  const [each, most] = [whOf(energy), whOf(daily)];
  const fixed = entered(() => priceOfCents(text(cents), decimals));
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
  const rule = wish && ruleOf(wish, header, (place ?? 0) + 1);
  const before = useDayBefore(side);
  const send = () =>
    action.run(ruleSentence(standingRule(rule!), t, formats), (options) =>
      setStandingOrders(market, [{ place: place!, order: rule! }], options),
    );
  return (
    <>
      <Card className="trade__form" title={t("standing.new")}>
        <fieldset className="phrases">
          <legend className="choice__label">{t("phrase.title")}</legend>
          {(Object.keys(phrases) as (keyof typeof phrases)[]).map((name) => (
            <Button key={name} quiet small onClick={() => change(phrases[name])}>
              {t(`phrase.${name}`)}
            </Button>
          ))}
        </fieldset>
        <Choice
          label={t("trade.side")}
          value={side}
          options={(["sell", "buy"] as const).map((value) => ({
            value,
            label: t(`trade.${value}`),
          }))}
          onChange={(chosen) => change({ side: chosen })}
        />
        <Choice
          label={t("standing.amount")}
          isLabelled
          value={amount}
          options={[
            { value: "dayBefore", label: t(`standing.dayBefore.${side}`) },
            { value: "fixed", label: t("standing.fixed") },
          ]}
          onChange={(chosen) => change({ amount: chosen })}
        />
        {amount === "fixed" && (
          <Field
            label={t("standing.energy")}
            unit="kWh"
            value={energy}
            onChange={(said) => change({ energy: said })}
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
          onChange={(chosen) => change({ limit: chosen })}
        />
        {limit === "fixed" && (
          <Field
            label={t(`trade.limit.${side}`)}
            unit={formats.priceUnit}
            value={cents}
            onChange={(said) => change({ cents: said })}
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
                    change({ hours: at === 0 ? [chosen, hours[1]] : [hours[0], chosen] });
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
            onChange={(said) => change({ daily: said })}
            error={most === undefined ? t("trade.noNumber") : undefined}
          />
        </div>
      </Card>
      <Card className="trade__chart" title={t("curve.title")}>
        {rule ? (
          <>
            <div className="trade__sentence">
              <p>{ruleSentence(standingRule(rule), t, formats)}</p>
              <p className="quiet small">
                {t("standing.lock", { amount: formats.money(rule.lockCap) })} {t("trade.fee")}
              </p>
            </div>
            <StandingCurve
              rule={standingRule(rule)}
              terms={header}
              windowSeconds={market.parameters.windowSeconds}
              before={before}
            />
          </>
        ) : (
          <p className="quiet">{t("curve.incomplete")}</p>
        )}
        {place === undefined && <p className="quiet">{t("standing.full")}</p>}
        <div className="trade__actions">
          <Button
            disabled={!rule || place === undefined || action.isBusy}
            onClick={() => void send()}
          >
            {t("standing.enter")}
          </Button>
        </div>
        <ActionNote action={action} done={t("standing.done")} />
      </Card>
    </>
  );
}

const TWELVE_CENTS = 12;

/** What many want, with one click. */
function phrasesOf(centsOf: (price: number) => string, decimals: number) {
  const price = TWELVE_CENTS * 10 ** (decimals - CENT_DECIMALS);
  return {
    sellPanels: {
      ...{ side: "sell", amount: "dayBefore", limit: "fixed", hours: [20, 32] },
      cents: centsOf(price),
    },
    neverMore: { side: "buy", amount: "dayBefore", limit: "supplier", hours: [0, 48] },
  } as const satisfies Record<string, Partial<Draft>>;
}
