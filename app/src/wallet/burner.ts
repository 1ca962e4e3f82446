// Wallets to try the page with, on a local node alone: their keys lie in the browser's storage, or in a file that everybody can
// read. Never for money that matters, and never registered on another chain.

import {
  createKeyPairFromBytes,
  createKeyPairFromPrivateKeyBytes,
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

import type { Configuration } from "../configuration";

export const BURNER_NAME = "Test wallet (throw-away)";

const CHAINS = ["solana:localnet"] as const;
const STORED = "joulebook.burner";
const ICON =
  "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PHJlY3Qgd2lkdGg9IjMyIiBoZWlnaHQ9IjMyIiByeD0iOCIgZmlsbD0iIzdkNmZiNSIvPjxwYXRoIGQ9Ik0xNiA2YzUgNiA3IDkgNyAxM2E3IDcgMCAwIDEtMTQgMGMwLTIgMS00IDMtNSAwIDIgMSAzIDIgMyAwLTQgMC03IDItMTF6IiBmaWxsPSIjZmZjOTNjIi8+PC9zdmc+" as const;

/** What `testWallets` of the configuration names: accounts of a sandbox. */
export type TestWallets = Readonly<{
  /** 64 bytes each, as keypair files have them. */
  accounts: readonly Readonly<{ name: string; key: readonly number[] }>[];
  /** Makes test tokens; left out, there are none to have. */
  mintAuthority?: readonly number[];
}>;

type Holder = Readonly<{ account: WalletAccount; keys: CryptoKeyPair }>;

/** Does nothing on any chain but a local node's. */
export async function registerBurner({ cluster }: Configuration, test?: TestWallets) {
  if (cluster.chain !== "solana:localnet") return;
  const holders = [
    await holderOf("New here", await ownKeys()),
    ...(await Promise.all(
      (test?.accounts ?? []).map(async ({ name, key }) =>
        holderOf(name, await createKeyPairFromBytes(new Uint8Array(key))),
      ),
    )),
  ];
  registerWallet(new BurnerWallet(holders));
}

class BurnerWallet implements Wallet {
  readonly version = "1.0.0";
  readonly name = BURNER_NAME;
  readonly icon = ICON;
  readonly chains = CHAINS;
  readonly #listeners = new Set<StandardEventsListeners["change"]>();
  #accounts: readonly WalletAccount[] = [];

  constructor(readonly holders: readonly Holder[]) {}

  get accounts() {
    return this.#accounts;
  }

  readonly features: StandardConnectFeature &
    StandardDisconnectFeature &
    StandardEventsFeature &
    SolanaSignTransactionFeature = {
    [StandardConnect]: {
      version: "1.0.0",
      connect: async () => {
        // As with any wallet, the answer comes later: whoever asks may begin to listen first.
        await Promise.resolve();
        this.#set(this.holders.map(({ account }) => account));
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
      signTransaction: async (...inputs) =>
        Promise.all(
          inputs.map(async ({ account, transaction }) => {
            const holder = this.holders.find((each) => each.account.address === account.address);
            if (!holder) throw new Error("this account is not the wallet's");
            const decoded = getTransactionDecoder().decode(transaction);
            const signed = await partiallySignTransaction([holder.keys], decoded);
            return { signedTransaction: new Uint8Array(getTransactionEncoder().encode(signed)) };
          }),
        ),
    },
  };

  #set(accounts: readonly WalletAccount[]) {
    this.#accounts = accounts;
    for (const listener of this.#listeners) listener({ accounts });
  }
}

async function holderOf(label: string, keys: CryptoKeyPair): Promise<Holder> {
  const address = await getAddressFromPublicKey(keys.publicKey);
  const publicKey = getBase58Encoder().encode(address);
  const features = [SolanaSignTransaction] as const;
  return { keys, account: { address, publicKey, chains: CHAINS, features, label } };
}

async function ownKeys(): Promise<CryptoKeyPair> {
  const kept = localStorage.getItem(STORED);
  const seed = kept
    ? Uint8Array.from(JSON.parse(kept) as number[])
    : crypto.getRandomValues(new Uint8Array(32));
  if (!kept) localStorage.setItem(STORED, JSON.stringify([...seed]));
  return createKeyPairFromPrivateKeyBytes(seed);
}
