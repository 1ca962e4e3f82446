// Wallets to try the page with, on a local node alone: their keys lie in the browser's storage, or in a file that everybody can
// read. Never for money that matters, and never registered on another chain.

import {
  createKeyPairFromBytes,
  createKeyPairFromPrivateKeyBytes,
  getAddressFromPublicKey,
} from "@solana/kit";
import type { WalletAccount } from "@wallet-standard/base";
import { registerWallet } from "@wallet-standard/wallet";

import type { Configuration } from "../configuration";
import { accountOf, PageWallet } from "./page-wallet";

export const BURNER_NAME = "Test wallet (throw-away)";
/** The account whose key is the browser's own. */
export const NEWCOMER = "New here";

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
    await holderOf(NEWCOMER, await ownKeys()),
    ...(await Promise.all(
      (test?.accounts ?? []).map(async ({ name, key }) =>
        holderOf(name, await createKeyPairFromBytes(new Uint8Array(key))),
      ),
    )),
  ];
  registerWallet(new BurnerWallet(holders));
}

class BurnerWallet extends PageWallet {
  readonly name = BURNER_NAME;
  readonly icon = ICON;
  readonly features = this.usual;

  constructor(readonly holders: readonly Holder[]) {
    super(CHAINS);
  }

  protected async connect() {
    this.set(this.holders.map(({ account }) => account));
  }

  protected async keysOf(accounts: readonly WalletAccount[]) {
    return accounts.map(({ address }) => {
      const holder = this.holders.find(({ account }) => account.address === address);
      if (!holder) throw new Error("this account is not the wallet's");
      return holder.keys;
    });
  }
}

async function holderOf(label: string, keys: CryptoKeyPair): Promise<Holder> {
  const address = await getAddressFromPublicKey(keys.publicKey);
  return { keys, account: accountOf(address, label, CHAINS) };
}

async function ownKeys(): Promise<CryptoKeyPair> {
  const kept = localStorage.getItem(STORED);
  const seed = kept
    ? Uint8Array.from(JSON.parse(kept) as number[])
    : crypto.getRandomValues(new Uint8Array(32));
  if (!kept) localStorage.setItem(STORED, JSON.stringify([...seed]));
  return createKeyPairFromPrivateKeyBytes(seed);
}
