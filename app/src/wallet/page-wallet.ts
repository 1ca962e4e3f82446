// What the wallets that the page itself offers have in common: who is connected, who is told of it, and how transactions are signed.

import {
  getBase58Encoder,
  getTransactionDecoder,
  getTransactionEncoder,
  partiallySignTransaction,
  type Address,
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

import type { ChainName } from "../configuration";

export type PageWalletFeatures = StandardConnectFeature &
  StandardDisconnectFeature &
  StandardEventsFeature &
  SolanaSignTransactionFeature;

export abstract class PageWallet implements Wallet {
  readonly version = "1.0.0";
  abstract readonly name: string;
  abstract readonly icon: Wallet["icon"];
  abstract readonly features: PageWalletFeatures;
  readonly #listeners = new Set<StandardEventsListeners["change"]>();
  #accounts: readonly WalletAccount[] = [];

  constructor(readonly chains: readonly ChainName[]) {}

  get accounts() {
    return this.#accounts;
  }

  /** Takes accounts in; one that is `isSilent` asks nobody. */
  protected abstract connect(isSilent: boolean): Promise<void>;

  /** The keys of all these accounts. Throws if one is not the wallet's, or its owner says no. */
  protected abstract keysOf(accounts: readonly WalletAccount[]): Promise<readonly CryptoKeyPair[]>;

  protected set(accounts: readonly WalletAccount[]) {
    this.#accounts = accounts;
    for (const listener of this.#listeners) listener({ accounts });
  }

  protected readonly usual: PageWalletFeatures = {
    [StandardConnect]: {
      version: "1.0.0",
      connect: async ({ silent } = {}) => {
        // As with any wallet, the answer comes later: whoever asks may begin to listen first.
        await Promise.resolve();
        await this.connect(silent ?? false);
        return { accounts: this.accounts };
      },
    },
    [StandardDisconnect]: { version: "1.0.0", disconnect: async () => this.set([]) },
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
        if (inputs.length === 0) return [];
        const keys = await this.keysOf(inputs.map(({ account }) => account));
        return Promise.all(
          inputs.map(async ({ transaction }, at) => {
            const decoded = getTransactionDecoder().decode(transaction);
            const signed = await partiallySignTransaction([keys[at]!], decoded);
            return { signedTransaction: new Uint8Array(getTransactionEncoder().encode(signed)) };
          }),
        );
      },
    },
  };
}

/** An account as the wallet standard has it, which signs transactions. */
export function accountOf(
  address: Address,
  label: string,
  chains: readonly ChainName[],
): WalletAccount {
  const publicKey = getBase58Encoder().encode(address);
  return { address, publicKey, chains, features: [SolanaSignTransaction], label };
}
