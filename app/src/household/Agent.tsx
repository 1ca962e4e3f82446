// Somebody who trades for a household, within the limit that it sets and never worse than with the supplier: the chain keeps to
// that, and lets nobody but the owner take money out.

import {
  parseDecimal,
  setDelegate,
  toMilliAtoms,
  type Atoms,
  type DeliveryWindow,
} from "@joulebook/client";
import { isAddress } from "@solana/kit";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useNow } from "../chain/market-context";
import { useFormats } from "../format/use-formats";
import { Button, Card, Field } from "../ui";
import { short } from "../wallet/short";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { CENT_DECIMALS, decimalText, entered, entryText, priceOfCents } from "./entry";
import type { NumberedSeat } from "./Guard";
import { useAction } from "./use-action";

const BOUNDS = ["highest", "lowest"] as const;
type Bound = (typeof BOUNDS)[number];
const DAY_SECONDS = 86_400;
/** Of a seat that has no delegate. */
const NOBODY = "11111111111111111111111111111111";

export function Agent({
  seat,
  window,
}: {
  seat: NumberedSeat;
  window?: DeliveryWindow | undefined;
}) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const action = useAction();
  const now = useNow(10_000);
  const isNamed = seat.delegate !== NOBODY;
  const [wallet, setWallet] = useState<string>(isNamed ? seat.delegate : "");
  const [limit, setLimit] = useState("1");
  // What the supplier asks and pays now is the widest that makes sense. Without a window that is open nobody says.
  const header = window?.book.header;
  const { decimals } = market.token;
  const inCents = (units: number | undefined) =>
    units === undefined ? "" : entryText(units, decimals - CENT_DECIMALS, i18n.language);
  const [typed, setTyped] = useState<Partial<Record<Bound, string>>>({});
  const shown = {
    highest: typed.highest ?? inCents(header?.short),
    lowest: typed.lowest ?? inCents(header?.long),
  };
  const text = (said: string) => decimalText(said, i18n.language);
  const atoms = entered(() => parseDecimal(text(limit), decimals));
  const priceIn = (bound: Bound) => entered(() => priceOfCents(text(shown[bound]), decimals));
  const [highestBuy, lowestSell] = [priceIn("highest"), priceIn("lowest")];
  const delegate = isAddress(wallet.trim()) ? wallet.trim() : undefined;
  const bounds =
    atoms === undefined || highestBuy === undefined || lowestSell === undefined
      ? undefined
      : { dailyLimit: text(limit), highestBuy, lowestSell };
  const sentence =
    delegate && bounds
      ? t("delegate.sentence", {
          wallet: short(delegate),
          amount: formats.money(toMilliAtoms(atoms! as Atoms)),
          highest: formats.price(highestBuy!),
          lowest: formats.price(lowestSell!),
        })
      : undefined;
  const [wasNamed, setWasNamed] = useState(true);
  const name = () => {
    setWasNamed(true);
    return action.run(sentence!, (options) =>
      setDelegate(market, delegate as typeof market.owner, bounds, options),
    );
  };
  const stop = () => {
    setWasNamed(false);
    return action.run(t("agent.stop"), (options) => setDelegate(market, null, undefined, options));
  };
  const usedToday = now !== undefined && seat.delegateDay === Math.floor(now / DAY_SECONDS);
  return (
    <Card title={t("agent.title")}>
      <p>{t("agent.text")}</p>
      {isNamed && (
        <div className="agent__now">
          <p>
            {t("agent.now", {
              wallet: short(seat.delegate),
              amount: formats.money(seat.delegateBounds.dailyLimit),
              highest: formats.price(seat.delegateBounds.highestBuy),
              lowest: formats.price(seat.delegateBounds.lowestSell),
            })}{" "}
            {t("delegate.used", {
              amount: formats.fineMoney(usedToday ? seat.delegateLocked : 0n),
            })}
          </p>
          <Button quiet small disabled={action.isBusy} onClick={() => void stop()}>
            {t("agent.stop")}
          </Button>
        </div>
      )}
      <div className="agent__who">
        <Field
          label={t("agent.wallet")}
          inputMode="text"
          spellCheck={false}
          value={wallet}
          onChange={(typed) => (setWallet(typed), action.reset())}
          error={wallet !== "" && delegate === undefined ? t("agent.noAddress") : undefined}
        />
        <Field
          label={t("agent.limit")}
          unit={formats.options.currency ?? t("money.tokens")}
          value={limit}
          onChange={(typed) => (setLimit(typed), action.reset())}
          error={atoms === undefined ? t("trade.noNumber") : undefined}
        />
      </div>
      <div className="standing__hours">
        {BOUNDS.map((bound) => (
          <Field
            key={bound}
            label={t(`delegate.${bound}`)}
            unit={formats.priceUnit}
            value={shown[bound]}
            onChange={(said) => (setTyped({ ...typed, [bound]: said }), action.reset())}
            hint={
              header &&
              t(`delegate.hint.${bound}`, {
                price: formats.cents(bound === "highest" ? header.short : header.long),
              })
            }
            error={
              shown[bound] !== "" && priceIn(bound) === undefined ? t("trade.noNumber") : undefined
            }
          />
        ))}
      </div>
      {sentence && (
        <div className="trade__sentence">
          <p>{sentence}</p>
        </div>
      )}
      <div>
        <Button quiet disabled={!sentence || action.isBusy} onClick={() => void name()}>
          {t("agent.let")}
        </Button>
      </div>
      <ActionNote action={action} done={t(wasNamed ? "delegate.named" : "delegate.stopped")} />
    </Card>
  );
}
