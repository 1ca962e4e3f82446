// A wallet of the page's own, whose key is a passkey's: nobody has to keep a seed phrase, and no server keeps anything. The browser
// remembers which passkey and which address were used last; neither is a secret.

import {
  address as asAddress,
  getAddressFromPublicKey,
  getBase58Encoder,
  getTransactionDecoder,
  getTransactionEncoder,
  partiallySignTransaction,
} from "@solana/kit";
import {
  SolanaSignTransaction,
  type SolanaSignTransactionFeature,
} from "@solana/wallet-standard-features";
import type { Wallet, WalletAccount } from "@wallet-standard/base";
import {
  StandardConnect,
  StandardDisconnect,
  StandardEvents,
  type StandardConnectFeature,
  type StandardDisconnectFeature,
  type StandardEventsFeature,
  type StandardEventsListeners,
} from "@wallet-standard/features";
import { registerWallet } from "@wallet-standard/wallet";

import type { ChainName } from "../../configuration";
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

class PasskeyWallet implements Wallet {
  readonly version = "1.0.0";
  readonly name = PASSKEY_NAME;
  readonly icon = ICON;
  readonly chains: readonly ChainName[];
  readonly #listeners = new Set<StandardEventsListeners["change"]>();
  #accounts: readonly WalletAccount[] = [];

  constructor(chain: ChainName) {
    this.chains = [chain];
  }

  get accounts() {
    return this.#accounts;
  }

  readonly features: StandardConnectFeature &
    StandardDisconnectFeature &
    StandardEventsFeature &
    SolanaSignTransactionFeature &
    PasskeyAccountsFeature = {
    [StandardConnect]: {
      version: "1.0.0",
      connect: async ({ silent } = {}) => {
        // As with any wallet, the answer comes later: whoever asks may begin to listen first.
        await Promise.resolve();
        const known = readKnown();
        if (known) this.#use(known);
        else if (!silent) await this.#take(await askPasskey());
        return { accounts: this.accounts };
      },
    },
    [StandardDisconnect]: { version: "1.0.0", disconnect: async () => this.#set([]) },
    [StandardEvents]: {
      version: "1.0.0",
      on: (_event, listener) => {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
      },
    },
    [SolanaSignTransaction]: {
      version: "1.0.0",
      supportedTransactionVersions: ["legacy", 0],
      signTransaction: async (...inputs) => {
        const [first] = inputs;
        if (!first) return [];
        const keys = await keysFor(first.account.address, inputs);
        return Promise.all(
          inputs.map(async ({ transaction }) => {
            const decoded = getTransactionDecoder().decode(transaction);
            const signed = await partiallySignTransaction([keys], decoded);
            return { signedTransaction: new Uint8Array(getTransactionEncoder().encode(signed)) };
          }),
        );
      },
    },
    [PasskeyAccounts]: {
      version: "1.0.0",
      make: async (name) => this.#take(await makePasskey(name)),
      find: async () => this.#take(await askPasskey()),
      known: () => readKnown()?.address,
    },
  };

  async #take({ id, secret }: Passkey): Promise<string> {
    const { publicKey } = await keysOf(secret, location.hostname);
    const known = { id, address: await getAddressFromPublicKey(publicKey) };
    writeKnown(known);
    this.#use(known);
    return known.address;
  }

  #use({ address }: Known) {
    const publicKey = getBase58Encoder().encode(address);
    const features = [SolanaSignTransaction] as const;
    this.#set([{ address, publicKey, chains: this.chains, features, label: PASSKEY_NAME }]);
  }

  #set(accounts: readonly WalletAccount[]) {
    this.#accounts = accounts;
    for (const listener of this.#listeners) listener({ accounts });
  }
}

/** Asks the owner. The keys last as long as somebody holds what comes back. */
async function keysFor(
  wanted: string,
  inputs: readonly Readonly<{ account: WalletAccount }>[],
): Promise<CryptoKeyPair> {
  const known = readKnown();
  const { id, secret } = await askPasskey(known?.address === wanted ? known.id : undefined);
  const keys = await keysOf(secret, location.hostname);
  const found = await getAddressFromPublicKey(keys.publicKey);
  if (inputs.some(({ account }) => account.address !== found))
    throw new OtherPasskeyError(`this passkey is of ${found}, and not of ${wanted}`);
  writeKnown({ id, address: asAddress(found) });
  return keys;
}
