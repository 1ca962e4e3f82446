// What wallets and accounts are called where they are listed. A wallet's name is fixed by the standard, in no language of the reader's:
// those that the page itself offers have one that is.

import type { UiWallet, UiWalletAccount } from "@wallet-standard/react";
import type { TFunction } from "i18next";

import { BURNER_NAME, NEWCOMER } from "./burner";
import { short } from "./short";

export const walletName = ({ name }: Pick<UiWallet, "name">, t: TFunction) =>
  name === BURNER_NAME ? t("testWallet.name") : name;

/** Undefined where the wallet gives it no name. */
export function accountName(
  { name }: Pick<UiWallet, "name">,
  { label }: Pick<UiWalletAccount, "label">,
  t: TFunction,
): string | undefined {
  return name === BURNER_NAME && label === NEWCOMER ? t("testWallet.newcomer") : label;
}

export const accountTitle = (
  wallet: Pick<UiWallet, "name">,
  account: Pick<UiWalletAccount, "label" | "address">,
  t: TFunction,
) => accountName(wallet, account, t) ?? short(account.address);
