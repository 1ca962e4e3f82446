// Somebody who trades for a household, within the limit that it sets and never worse than with the supplier: the chain keeps to
// that, and lets nobody but the owner take money out.

import { parseDecimal, price, setDelegate, type DeliveryWindow } from "@joulebook/client";
import { isAddress } from "@solana/kit";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useFormats } from "../format/use-formats";
import { Button, Card, Field } from "../ui";
import { short } from "../wallet/short";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { decimalText, entered } from "./entry";
import type { NumberedSeat } from "./Guard";
import { useAction } from "./use-action";

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
  const isNamed = seat.delegate !== NOBODY;
  const [wallet, setWallet] = useState<string>(isNamed ? seat.delegate : "");
  const [limit, setLimit] = useState("1");
  const text = decimalText(limit, i18n.language);
  const atoms = entered(() => parseDecimal(text, market.token.decimals));
  const delegate = isAddress(wallet.trim()) ? wallet.trim() : undefined;
  // What the supplier asks and pays now. Without a window that is open nobody says.
  const supplier = window && {
    highestBuy: price(window.book.header.short),
    lowestSell: price(window.book.header.long),
  };
  const bounds = supplier && { dailyLimit: text, ...supplier };
  const name = () => action.run(() => setDelegate(market, delegate as typeof market.owner, bounds));
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
            })}
          </p>
          <Button
            quiet
            small
            disabled={action.isBusy}
            onClick={() => void action.run(() => setDelegate(market, null))}
          >
            {t("agent.stop")}
          </Button>
        </div>
      )}
      <div className="standing__hours">
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
      {supplier && (
        <p className="quiet small">
          {t("agent.bounds", {
            highest: formats.price(supplier.highestBuy),
            lowest: formats.price(supplier.lowestSell),
          })}
        </p>
      )}
      <div>
        <Button
          quiet
          disabled={!delegate || !bounds || atoms === undefined || action.isBusy}
          onClick={() => void name()}
        >
          {t("agent.let")}
        </Button>
      </div>
      <ActionNote action={action} done={t("agent.done")} />
    </Card>
  );
}
