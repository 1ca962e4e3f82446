// Which wallet, and which of its accounts, this page acts for.

import { SolanaSignTransaction } from "@solana/wallet-standard-features";
import {
  useConnect,
  useWallets,
  type UiWallet,
  type UiWalletAccount,
} from "@wallet-standard/react";
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from "react";

import { useConfiguration } from "../chain/market-context";
import { passkeySupport, type PasskeySupport } from "./passkey/support";
import type { ChainName } from "../configuration";

type Able = Pick<UiWalletAccount, "chains" | "features">;
type Chosen = Readonly<{ wallet: string; address: string }>;

export type WalletState = Readonly<{
  /** Those that sign for this chain. */
  wallets: readonly UiWallet[];
  /** Names of those that sign for other chains of Solana alone. */
  elsewhere: readonly string[];
  wallet: UiWallet | undefined;
  account: UiWalletAccount | undefined;
  /** Whether a passkey can hold a key here; undefined before that is known. */
  passkeys: PasskeySupport | undefined;
  choose: (wallet: UiWallet, address: string) => void;
  leave: () => void;
}>;

const WalletContext = createContext<WalletState | undefined>(undefined);
const STORED = "joulebook.wallet";

/** Whether it can sign for this chain: a wallet may have accounts of several. */
export function isUsable({ chains, features }: Able, chain: ChainName): boolean {
  return chains.includes(chain) && features.includes(SolanaSignTransaction);
}

export function WalletProvider({ children }: { children: ReactNode }) {
  const { cluster } = useConfiguration();
  const all = useWallets();
  const wallets = useMemo(
    () => all.filter((each) => isUsable(each, cluster.chain)),
    [all, cluster.chain],
  );
  const elsewhere = useMemo(
    () =>
      all
        .filter(({ chains }) => chains.some((chain) => chain.startsWith("solana:")))
        .filter(({ chains }) => !chains.includes(cluster.chain))
        .map(({ name }) => name),
    [all, cluster.chain],
  );
  const [passkeys, setPasskeys] = useState<PasskeySupport>();
  useEffect(() => void passkeySupport().then(setPasskeys), []);
  const [chosen, setChosen] = useState(readChosen);
  const wallet = wallets.find(({ name }) => name === chosen?.wallet);
  const account = wallet?.accounts.find(
    (each) => each.address === chosen?.address && isUsable(each, cluster.chain),
  );
  const choose = useCallback((of: UiWallet, address: string) => {
    const now = { wallet: of.name, address };
    setChosen(now);
    writeChosen(now);
  }, []);
  const leave = useCallback(() => {
    setChosen(undefined);
    writeChosen(undefined);
  }, []);
  const state = useMemo(
    () => ({ wallets, elsewhere, wallet, account, passkeys, choose, leave }),
    [wallets, elsewhere, wallet, account, passkeys, choose, leave],
  );
  return (
    <WalletContext value={state}>
      {wallet && !account && <Reconnect key={wallet.name} wallet={wallet} />}
      {children}
    </WalletContext>
  );
}

export function useWallet(): WalletState {
  const state = useContext(WalletContext);
  if (!state) throw new Error("there are no wallets around this part of the page");
  return state;
}

/** Asks a wallet that was chosen before for its accounts, without a question to its owner. */
function Reconnect({ wallet }: { wallet: UiWallet }) {
  const [, connect] = useConnect(wallet);
  useEffect(() => {
    connect({ silent: true }).catch(() => {
      // It wants to be asked: then it is connected by hand.
    });
    // Once for each wallet.
  }, []);
  return null;
}

function readChosen(): Chosen | undefined {
  try {
    const read = JSON.parse(localStorage.getItem(STORED) ?? "null") as Partial<Chosen> | null;
    if (typeof read?.wallet === "string" && typeof read.address === "string")
      return { wallet: read.wallet, address: read.address };
  } catch {
    // Nothing that this page has written.
  }
  return undefined;
}

function writeChosen(chosen: Chosen | undefined) {
  try {
    if (chosen) localStorage.setItem(STORED, JSON.stringify(chosen));
    else localStorage.removeItem(STORED);
  } catch {
    // It holds for this visit.
  }
}
