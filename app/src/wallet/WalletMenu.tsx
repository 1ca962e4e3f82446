// Connects a wallet, and shows which one is.

import { useConnect, type UiWallet, type UiWalletAccount } from "@wallet-standard/react";
import { ExternalLink, LogOut, Wallet as WalletIcon } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";

import { useConfiguration } from "../chain/market-context";
import type { ChainName } from "../configuration";
import { Button, Notice } from "../ui";
import { isUsable, useWallet } from "./context";
import { accountName, accountTitle, walletName } from "./names";
import { PASSKEY_NAME } from "./passkey/wallet";
import { NoPasskeys, PasskeyChoice } from "./PasskeyChoice";
import { short } from "./short";
import "./wallet.css";

export function WalletMenu({ prominent = false }: { prominent?: boolean }) {
  const { t } = useTranslation();
  const { account, wallet } = useWallet();
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <Button
        quiet={!prominent}
        small={!prominent}
        className="wallet-button"
        onClick={() => dialog.current?.showModal()}
      >
        {wallet && account ? (
          <>
            <img src={wallet.icon} alt="" width="18" height="18" />
            <span className="wallet-button__name">{accountTitle(wallet, account, t)}</span>
          </>
        ) : (
          <>
            <WalletIcon size={18} aria-hidden />
            {t("wallet.connect")}
          </>
        )}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby="wallet-title" closedby="any">
        <Choices onDone={() => dialog.current?.close()} />
      </dialog>
    </>
  );
}

function Choices({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { wallets, elsewhere, wallet, account, passkeys, choose, leave } = useWallet();
  const { chain } = useConfiguration().cluster;
  const [failed, setFailed] = useState(false);
  const passkey = wallets.find(({ name }) => name === PASSKEY_NAME);
  const others = wallets.filter((each) => each !== passkey);
  const isPasskey = wallet !== undefined && wallet === passkey;
  return (
    <div className="dialog__body">
      <h2 id="wallet-title">{account ? t("wallet.yours") : t("wallet.connect")}</h2>
      <p className="quiet">{t("wallet.about")}</p>
      {wallets.length === 0 && elsewhere.length === 0 && (
        <Notice title={t("wallet.none")}>{t("wallet.noneHint")}</Notice>
      )}
      {elsewhere.length > 0 && (
        <Notice title={t("weather.wallet.elsewhere", { names: elsewhere.join(", ") })}>
          {t("weather.wallet.elsewhereHint", { chain })}
        </Notice>
      )}
      {passkey ? (
        <PasskeyChoice
          wallet={passkey}
          current={isPasskey ? account?.address : undefined}
          onConnected={(address) => (choose(passkey, address), onDone())}
        />
      ) : (
        passkeys && <NoPasskeys support={passkeys} />
      )}
      {isPasskey && account && (
        <p>
          <Link href="/wallet" onClick={onDone}>
            {t("passkey.page")}
          </Link>
        </p>
      )}
      <ul className="wallets">
        {others.map((each) => (
          <li key={each.name}>
            <ConnectButton
              wallet={each}
              onConnected={(given) => {
                const accounts = given.filter((one) => isUsable(one, chain));
                setFailed(accounts.length === 0);
                if (accounts.length === 0) return;
                const isKept = accounts.some(({ address }) => address === account?.address);
                if (!isKept) choose(each, accounts[0]!.address);
                if (accounts.length === 1) onDone();
              }}
              onFailed={() => setFailed(true)}
            />
            {wallet?.name === each.name && accountsOf(each, chain).length > 1 && (
              <fieldset className="accounts">
                <legend>{t("wallet.account")}</legend>
                {accountsOf(each, chain).map((one) => {
                  const { address } = one;
                  const name = accountName(each, one, t);
                  return (
                    <label key={address}>
                      <input
                        type="radio"
                        name="account"
                        checked={address === account?.address}
                        onChange={() => choose(each, address)}
                        aria-label={name ? `${name}, ${short(address)}` : short(address)}
                      />
                      <span>{name ?? short(address)}</span>
                      <code className="quiet">{short(address)}</code>
                    </label>
                  );
                })}
              </fieldset>
            )}
          </li>
        ))}
      </ul>
      {failed && <Notice alarm title={t("wallet.failed")} />}
      <div className="dialog__actions">
        {account && (
          <Button quiet onClick={() => (leave(), onDone())}>
            <LogOut size={18} aria-hidden />
            {t("wallet.leave")}
          </Button>
        )}
        <Button quiet={!account} onClick={onDone}>
          {account ? t("wallet.done") : t("wallet.close")}
        </Button>
      </div>
    </div>
  );
}

const accountsOf = ({ accounts }: UiWallet, chain: ChainName) =>
  accounts.filter((account) => isUsable(account, chain));

function ConnectButton(props: {
  wallet: UiWallet;
  /** With one account at least. */
  onConnected: (accounts: readonly UiWalletAccount[]) => void;
  onFailed: () => void;
}) {
  const { wallet, onConnected, onFailed } = props;
  const { t } = useTranslation();
  const [isConnecting, connect] = useConnect(wallet);
  return (
    <button
      type="button"
      className="wallets__wallet"
      disabled={isConnecting}
      onClick={async () => {
        try {
          const accounts = await connect();
          if (accounts.length > 0) onConnected(accounts);
          else onFailed();
        } catch {
          onFailed();
        }
      }}
    >
      <img src={wallet.icon} alt="" width="32" height="32" />
      <span>{walletName(wallet, t)}</span>
      {isConnecting && <span className="quiet">{t("wallet.connecting")}</span>}
    </button>
  );
}

/** Where a transaction can be looked at. */
export function TransactionLink(props: { explorer: string | null; signature: string }) {
  const { t } = useTranslation();
  const { explorer, signature } = props;
  if (explorer === null)
    return (
      <code className="short-hash" title={signature}>
        {short(signature)}
      </code>
    );
  return (
    <a href={explorer.replace("{signature}", signature)} rel="noreferrer" target="_blank">
      {t("wallet.transaction")} <ExternalLink size={14} aria-hidden />
    </a>
  );
}
