// A passkey for a wallet: made here, found again, or why there can be none.

import { getWalletFeature, type UiWallet } from "@wallet-standard/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Button, Notice } from "../ui";
import { NoSecretError } from "./passkey/credential";
import { namedAddress, type PasskeySupport } from "./passkey/support";
import { PasskeyAccounts, type PasskeyAccountsFeature } from "./passkey/wallet";
import { short } from "./short";

type Failure = "noSecret" | "other";

export function PasskeyChoice(props: {
  wallet: UiWallet;
  /** The account that the page acts for, if it is one of this wallet's. */
  current: string | undefined;
  onConnected: (address: string) => void;
}) {
  const { wallet, current, onConnected } = props;
  const { t, i18n } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const passkeys = getWalletFeature(
    wallet,
    PasskeyAccounts,
  ) as PasskeyAccountsFeature[typeof PasskeyAccounts];
  const known = passkeys.known();
  const ask = async (answer: () => Promise<string>) => {
    setIsBusy(true);
    setFailure(undefined);
    try {
      onConnected(await answer());
    } catch (error) {
      setFailure(error instanceof NoSecretError ? "noSecret" : "other");
    } finally {
      setIsBusy(false);
    }
  };
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium" }).format(new Date());
  const make = () => passkeys.make(t("passkey.name", { date }));
  return (
    <div className="passkey">
      <img src={wallet.icon} alt="" width="32" height="32" />
      <div className="passkey__words">
        <strong>{t("passkey.title")}</strong>
        <span className="quiet small">{t("passkey.about")}</span>
      </div>
      <div className="passkey__acts">
        {known !== undefined && known !== current && (
          <Button small disabled={isBusy} onClick={() => void ask(async () => known)}>
            {t("passkey.open", { account: short(known) })}
          </Button>
        )}
        {known === undefined && (
          <Button small disabled={isBusy} onClick={() => void ask(make)}>
            {t("passkey.make")}
          </Button>
        )}
        <Button small quiet disabled={isBusy} onClick={() => void ask(() => passkeys.find())}>
          {t(known === undefined ? "passkey.find" : "passkey.other")}
        </Button>
        {known !== undefined && (
          <Button small quiet disabled={isBusy} onClick={() => void ask(make)}>
            {t("passkey.makeAnother")}
          </Button>
        )}
      </div>
      {isBusy && (
        <p className="passkey__note quiet small" role="status">
          {t("passkey.asking")}
        </p>
      )}
      {failure && (
        <div className="passkey__note">
          <Notice alarm title={t(`passkey.failed.${failure}.title`)}>
            {t(`passkey.failed.${failure}.text`)}
          </Notice>
        </div>
      )}
    </div>
  );
}

/** Instead of the choice: what is in its way, and what to do. */
export function NoPasskeys({ support }: { support: PasskeySupport }) {
  const { t } = useTranslation();
  if (support === "yes") return null;
  const named = namedAddress();
  return (
    <p className="quiet small">
      {t(`passkey.not.${support}`)}{" "}
      {support === "address" && named && <a href={named}>{t("passkey.not.named")}</a>}
    </p>
  );
}
