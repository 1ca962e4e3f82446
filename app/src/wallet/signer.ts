// A signer of kit's for an account of a wallet. The registry's own bridge wants another kit.

import {
  address,
  assertIsTransactionWithinSizeLimit,
  getBase58Decoder,
  getTransactionDecoder,
  getTransactionEncoder,
  type Transaction,
  type TransactionModifyingSigner,
} from "@solana/kit";
import {
  SolanaSignTransaction,
  type SolanaSignTransactionFeature,
} from "@solana/wallet-standard-features";
import { getWalletAccountFeature, type UiWalletAccount } from "@wallet-standard/react";
import { getWalletAccountForUiWalletAccount_DO_NOT_USE_OR_YOU_WILL_BE_FIRED as standardAccount } from "@wallet-standard/ui-registry";

import type { ChainName } from "../configuration";

/** The wallet did not sign: its owner said no, or it could not. Nothing was sent. */
export class NotSignedError extends Error {
  override readonly name = "NotSignedError";
}

/** Told when the wallet is asked, and when it has signed; then with the transaction's signature, by which it can be looked up. */
export type SigningStage = "signing" | "sent";
export type StageListener = (stage: SigningStage, signature?: string) => void;

export function walletSigner(
  account: UiWalletAccount,
  chain: ChainName,
  onStage: StageListener,
): TransactionModifyingSigner {
  const feature = getWalletAccountFeature(
    account,
    SolanaSignTransaction,
  ) as SolanaSignTransactionFeature[typeof SolanaSignTransaction];
  return {
    address: address(account.address),
    async modifyAndSignTransactions(transactions) {
      const inputs = transactions.map((transaction) => ({
        account: standardAccount(account),
        chain,
        transaction: new Uint8Array(getTransactionEncoder().encode(transaction as Transaction)),
      }));
      onStage("signing");
      const outputs = await feature.signTransaction(...inputs).catch((cause: unknown) => {
        throw new NotSignedError("the wallet has not signed", { cause });
      });
      const results = outputs.map(({ signedTransaction }, at) => {
        const signed = getTransactionDecoder().decode(signedTransaction);
        // A wallet may change the message; its lifetime is then the wallet's business.
        const { lifetimeConstraint } = transactions[at] as { lifetimeConstraint?: unknown };
        const result = Object.freeze({ ...signed, lifetimeConstraint });
        assertIsTransactionWithinSizeLimit(result as never);
        return result as never;
      });
      onStage("sent", signatureOf(results[0]));
      return results;
    },
  };
}

/** Undefined while its payer has not signed: then it has none yet. */
function signatureOf(transaction: Transaction | undefined): string | undefined {
  const [first] = Object.values(transaction?.signatures ?? {});
  return first ? getBase58Decoder().decode(first) : undefined;
}
