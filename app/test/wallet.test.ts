import {
  address,
  appendTransactionMessageInstructions,
  assertIsFullySignedTransaction,
  blockhash,
  compileTransaction,
  createNoopSigner,
  createTransactionMessage,
  getCompiledTransactionMessageDecoder,
  getCompiledTransactionMessageEncoder,
  getTransactionDecoder,
  getTransactionEncoder,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  type Transaction,
} from "@solana/kit";
import {
  SolanaSignTransaction,
  type SolanaSignTransactionInput,
  type SolanaSignTransactionOutput,
} from "@solana/wallet-standard-features";
import type { Wallet } from "@wallet-standard/base";
import { StandardConnect, type StandardConnectFeature } from "@wallet-standard/features";
import {
  getOrCreateUiWalletAccountForStandardWalletAccount_DO_NOT_USE_OR_YOU_WILL_BE_FIRED as accountOf,
  getOrCreateUiWalletForStandardWallet_DO_NOT_USE_OR_YOU_WILL_BE_FIRED as uiWalletOf,
} from "@wallet-standard/ui-registry";
import { beforeEach, expect, test, vi } from "vitest";

import type { ChainName, Configuration } from "../src/configuration";
import { BURNER_NAME, registerBurner } from "../src/wallet/burner";
import { NotSignedError, walletSigner } from "../src/wallet/signer";

const configuration = (chain: ChainName): Configuration => ({
  cluster: { url: "http://127.0.0.1:8899/", chain },
  market: address("So11111111111111111111111111111111111111112"),
  ...{ indexer: null, currency: null, timeZone: "UTC", explorer: null },
  ...{ isTest: true, testWallets: null, health: null },
});

/** The wallets that are registered meanwhile, as a page would hear of them. */
async function registered(run: () => Promise<void>): Promise<Wallet[]> {
  const wallets: Wallet[] = [];
  const hear = (event: Event) =>
    (event as unknown as { detail: (api: { register: (wallet: Wallet) => void }) => void }).detail({
      register: (wallet) => void wallets.push(wallet),
    });
  window.addEventListener("wallet-standard:register-wallet", hear);
  await run();
  window.removeEventListener("wallet-standard:register-wallet", hear);
  return wallets;
}

async function burner() {
  const [wallet] = await registered(() => registerBurner(configuration("solana:localnet")));
  const { connect } = (wallet!.features as StandardConnectFeature)[StandardConnect];
  const { accounts } = await connect();
  uiWalletOf(wallet!);
  return { wallet: wallet!, account: accountOf(wallet!, accounts[0]!) };
}

function transactionOf(payer: string) {
  return compileTransaction(
    pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(createNoopSigner(address(payer)), message),
      (message) =>
        setTransactionMessageLifetimeUsingBlockhash(
          { blockhash: blockhash("11111111111111111111111111111111"), lastValidBlockHeight: 9n },
          message,
        ),
      (message) => appendTransactionMessageInstructions([], message),
    ),
  );
}

type SigningFeature = {
  signTransaction: (input: SolanaSignTransactionInput) => Promise<SolanaSignTransactionOutput[]>;
};

beforeEach(() => localStorage.clear());

test.each<ChainName>(["solana:mainnet", "solana:devnet", "solana:testnet"])(
  "given %s when the throw-away wallet is to be registered then it is not",
  async (chain) => {
    expect(await registered(() => registerBurner(configuration(chain)))).toEqual([]);
    expect(localStorage.length).toBe(0);
  },
);

test("given a local node when the throw-away wallet is registered then it says what it is, and is for that chain alone", async () => {
  const { wallet, account } = await burner();
  expect(wallet.name).toBe(BURNER_NAME);
  expect(wallet.name).toContain("throw-away");
  expect(wallet.chains).toEqual(["solana:localnet"]);
  const again = await burner();
  expect(again.account.address).toBe(account.address);
});

test("given a transaction when the wallet signs then it is whole, and the page is told", async () => {
  const { account } = await burner();
  const stages: string[] = [];
  const signer = walletSigner(account, "solana:localnet", (stage) => stages.push(stage));
  const [signed] = await signer.modifyAndSignTransactions([
    transactionOf(account.address),
  ] as never);
  expect(() => assertIsFullySignedTransaction(signed!)).not.toThrow();
  expect(stages).toEqual(["signing", "sent"]);
  expect((signed as { lifetimeConstraint?: unknown }).lifetimeConstraint).toMatchObject({
    lastValidBlockHeight: 9n,
  });
});

test("given an owner who says no when the wallet is asked then nothing is signed, and it is told as that", async () => {
  const { wallet, account } = await burner();
  const feature = wallet.features[SolanaSignTransaction] as {
    signTransaction: () => Promise<unknown>;
  };
  vi.spyOn(feature, "signTransaction").mockRejectedValue(new Error("4001"));
  const stages: string[] = [];
  const signer = walletSigner(account, "solana:localnet", (stage) => stages.push(stage));
  await expect(
    signer.modifyAndSignTransactions([transactionOf(account.address)] as never),
  ).rejects.toThrow(NotSignedError);
  expect(stages).toEqual(["signing"]);
});

test("given a wallet that changes the blockhash when it has signed then nobody is told the expiry of the old one", async () => {
  const { wallet, account } = await burner();
  const feature = wallet.features[SolanaSignTransaction] as SigningFeature;
  const { signTransaction } = feature;
  const renewed = "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY";
  vi.spyOn(feature, "signTransaction").mockImplementation((input) => {
    const transaction = getTransactionDecoder().decode(input.transaction);
    const message = getCompiledTransactionMessageDecoder().decode(transaction.messageBytes);
    const messageBytes = getCompiledTransactionMessageEncoder().encode({
      ...message,
      lifetimeToken: renewed,
    } as never);
    const changed = { ...transaction, messageBytes } as unknown as Transaction;
    return signTransaction({
      ...input,
      transaction: new Uint8Array(getTransactionEncoder().encode(changed)),
    });
  });
  const signer = walletSigner(account, "solana:localnet", () => {});
  const [signed] = await signer.modifyAndSignTransactions([
    transactionOf(account.address),
  ] as never);
  const { lifetimeConstraint } = signed as unknown as {
    lifetimeConstraint: { blockhash: string; lastValidBlockHeight: bigint };
  };
  expect(lifetimeConstraint.blockhash).toBe(renewed);
  expect(lifetimeConstraint.lastValidBlockHeight).toBeGreaterThan(1n << 60n);
});

test("given a wallet that answers for something else when it has signed then it is not taken", async () => {
  const { wallet, account } = await burner();
  const feature = wallet.features[SolanaSignTransaction] as SigningFeature;
  vi.spyOn(feature, "signTransaction").mockResolvedValue([]);
  const signer = walletSigner(account, "solana:localnet", () => {});
  await expect(
    signer.modifyAndSignTransactions([transactionOf(account.address)] as never),
  ).rejects.toThrow(NotSignedError);
});

test("given a wallet that throws instead of saying no when it is asked then that is told as a no", async () => {
  const { wallet, account } = await burner();
  const feature = wallet.features[SolanaSignTransaction] as { signTransaction: () => unknown };
  vi.spyOn(feature, "signTransaction").mockImplementation(() => {
    throw new Error("locked");
  });
  const signer = walletSigner(account, "solana:localnet", () => {});
  await expect(
    signer.modifyAndSignTransactions([transactionOf(account.address)] as never),
  ).rejects.toThrow(NotSignedError);
});
