// A wallet of the page's own, whose key is a passkey's: nobody has to keep a seed phrase, and no server keeps anything. The browser
// remembers which passkey and which address were used last; neither is a secret.

import { address as asAddress, getAddressFromPublicKey } from "@solana/kit";
import type { WalletAccount } from "@wallet-standard/base";
import { registerWallet } from "@wallet-standard/wallet";

import type { ChainName } from "../../configuration";
import { accountOf, PageWallet, type PageWalletFeatures } from "../page-wallet";
import { askPasskey, makePasskey, type Passkey } from "./credential";
import { keysOf } from "./keys";
import { readKnown, writeKnown, type Known } from "./known";

export const PASSKEY_NAME = "Passkey";
/** What this wallet can do beyond others. */
export const PasskeyAccounts = "joulebook:passkeyAccounts";
export type PasskeyAccountsFeature = Readonly<{
  [PasskeyAccounts]: Readonly<{
    version: "1.0.0";
    /** Makes a passkey, and gives the address of its account. */
    make: (name: string) => Promise<string>;
    /** Lets the owner choose among those there are. */
    find: () => Promise<string>;
    /** The address of the one that was used last in this browser. */
    known: () => string | undefined;
  }>;
}>;

/** Another passkey answered than the one that was asked for. */
export class OtherPasskeyError extends Error {
  override readonly name = "OtherPasskeyError";
}

const ICON =
  "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PHJlY3Qgd2lkdGg9IjMyIiBoZWlnaHQ9IjMyIiByeD0iOCIgZmlsbD0iIzBmOTA2OCIvPjxnIGZpbGw9Im5vbmUiIHN0cm9rZT0iI2ZmZiIgc3Ryb2tlLXdpZHRoPSIyLjQiIHN0cm9rZS1saW5lY2FwPSJyb3VuZCIgc3Ryb2tlLWxpbmVqb2luPSJyb3VuZCI+PGNpcmNsZSBjeD0iMTEuNSIgY3k9IjE2IiByPSI0LjUiLz48cGF0aCBkPSJNMTYgMTZoOXY0TTIxIDE2djMiLz48L2c+PC9zdmc+" as const;

export function registerPasskeyWallet(chain: ChainName) {
  registerWallet(new PasskeyWallet(chain));
}

class PasskeyWallet extends PageWallet {
  readonly name = PASSKEY_NAME;
  readonly icon = ICON;
  readonly features = {
    ...this.usual,
    [PasskeyAccounts]: {
      version: "1.0.0",
      make: async (name: string) => this.#take(await makePasskey(name)),
      find: async () => this.#take(await askPasskey()),
      known: () => readKnown()?.address,
    },
  } satisfies PageWalletFeatures & PasskeyAccountsFeature;

  constructor(chain: ChainName) {
    super([chain]);
  }

  protected async connect(isSilent: boolean) {
    const known = readKnown();
    if (known) this.#use(known);
    else if (!isSilent) await this.#take(await askPasskey());
  }

  protected async keysOf(accounts: readonly WalletAccount[]) {
    const keys = await keysFor(accounts);
    return accounts.map(() => keys);
  }

  async #take({ id, secret }: Passkey): Promise<string> {
    const { publicKey } = await keysOf(secret, location.hostname);
    const known = { id, address: await getAddressFromPublicKey(publicKey) };
    writeKnown(known);
    this.#use(known);
    return known.address;
  }

  #use({ address }: Known) {
    this.set([accountOf(address, PASSKEY_NAME, this.chains)]);
  }
}

/** Asks the owner. The keys last as long as somebody holds what comes back. */
async function keysFor(accounts: readonly WalletAccount[]): Promise<CryptoKeyPair> {
  const wanted = accounts[0]?.address;
  const known = readKnown();
  const { id, secret } = await askPasskey(known && known.address === wanted ? known.id : undefined);
  const keys = await keysOf(secret, location.hostname);
  const found = await getAddressFromPublicKey(keys.publicKey);
  if (accounts.some(({ address }) => address !== found))
    throw new OtherPasskeyError(`this passkey is of ${found}, and not of ${wanted}`);
  writeKnown({ id, address: asAddress(found) });
  return keys;
}
