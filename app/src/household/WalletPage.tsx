// A passkey's wallet: how it is kept, what happens when it is lost, and how one moves on to another wallet.

import { isAddress } from "@solana/kit";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useFormats } from "../format/use-formats";
import { Button, Card, Field, Stat } from "../ui";
import { useWallet } from "../wallet/context";
import { PASSKEY_NAME } from "../wallet/passkey/wallet";
import { ActionNote } from "./ActionNote";
import { useHousehold } from "./context";
import { useWalletMoney } from "./queries";
import { KEPT_LAMPORTS, sendAll } from "./send-all";
import { useAction } from "./use-action";

const KEEPING = ["where", "lost", "site"] as const;

export function WalletPage() {
  const { t } = useTranslation();
  const { wallet } = useWallet();
  const { market } = useHousehold();
  const isPasskey = wallet?.name === PASSKEY_NAME;
  return (
    <>
      <div className="page-head">
        <h1>{t(isPasskey ? "walletPage.passkey" : "walletPage.title")}</h1>
        <p className="quiet">
          {isPasskey ? t("walletPage.text") : t("walletPage.other", { wallet: wallet?.name })}
        </p>
      </div>
      <div className="money">
        <Card className="money__sum" title={t("walletPage.holds")}>
          <Holdings />
          <p>
            <span className="quiet small">{t("walletPage.address")}</span>
            <br />
            <code className="start__address">{market.owner}</code>
          </p>
        </Card>
        {isPasskey && (
          <Card title={t("walletPage.keep")}>
            <dl className="wallet-page__keeping">
              {KEEPING.map((name) => (
                <div key={name}>
                  <dt>{t(`walletPage.${name}.title`)}</dt>
                  <dd>{t(`walletPage.${name}.text`, { site: location.hostname })}</dd>
                </div>
              ))}
            </dl>
          </Card>
        )}
        {isPasskey && <MoveOn />}
      </div>
    </>
  );
}

function Holdings() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: money } = useWalletMoney();
  if (!money) return null;
  return (
    <div className="money__stats">
      <Stat label={t("walletPage.money")} value={formats.money(money.atoms * 1000n)} />
      <Stat
        label={t("walletPage.fees")}
        value={formats.sol(money.lamports)}
        note={t("walletPage.feesNote")}
      />
    </div>
  );
}

/** What lies in the market is taken out first; what lies here is sent on. */
function MoveOn() {
  const { t } = useTranslation();
  const formats = useFormats();
  const { market } = useHousehold();
  const { data: money } = useWalletMoney();
  const action = useAction();
  const [typed, setTyped] = useState("");
  const text = typed.trim();
  const to = isAddress(text) && text !== market.owner ? text : undefined;
  const isEmpty = money !== undefined && money.atoms === 0n && money.lamports <= KEPT_LAMPORTS;
  return (
    <Card title={t("walletPage.move.title")}>
      <ol className="wallet-page__steps">
        <li>
          {t("walletPage.move.withdraw")} <Link href="/money">{t("walletPage.move.money")}</Link>
        </li>
        <li>{t("walletPage.move.send")}</li>
        <li>{t("walletPage.move.apply")}</li>
      </ol>
      <Field
        label={t("walletPage.move.to")}
        inputMode="text"
        spellCheck={false}
        value={typed}
        onChange={(said) => (setTyped(said), action.reset())}
        error={
          text !== "" && to === undefined
            ? t(text === market.owner ? "walletPage.move.own" : "agent.noAddress")
            : undefined
        }
      />
      {to && money && !isEmpty && (
        <div className="trade__sentence">
          <p>
            {t("walletPage.move.sentence", {
              money: formats.money(money.atoms * 1000n),
              sol: formats.sol(KEPT_LAMPORTS),
            })}
          </p>
          <p className="start__address">{to}</p>
        </div>
      )}
      {isEmpty && <p className="quiet">{t("walletPage.move.empty")}</p>}
      <Button
        disabled={!to || !money || isEmpty || action.isBusy}
        onClick={() =>
          void action.run(`${t("walletPage.move.act")}: ${to}`, (options) =>
            sendAll(market, to!, options),
          )
        }
      >
        {t("walletPage.move.act")}
      </Button>
      <ActionNote action={action} done={t("walletPage.move.done")} />
    </Card>
  );
}
