// A signer of kit's for an account of a wallet. The registry's own bridge wants another kit.

import {
  address,
  assertIsTransactionWithinSizeLimit,
  getBase58Decoder,
  getCompiledTransactionMessageDecoder,
  getTransactionDecoder,
  getTransactionEncoder,
  getTransactionLifetimeConstraintFromCompiledTransactionMessage as lifetimeOf,
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
      // Some wallets throw where they should reject.
      const signing = async () => feature.signTransaction(...inputs);
      const outputs = await signing().catch((cause: unknown) => {
        throw new NotSignedError("the wallet has not signed", { cause });
      });
      if (outputs.length !== transactions.length)
        throw new NotSignedError("the wallet has not answered for each transaction");
      const signed = await Promise.all(
        outputs.map(({ signedTransaction }, at) => readSigned(signedTransaction, transactions[at])),
      );
      onStage("sent", signatureOf(signed[0]));
      return signed;
    },
  };
}

/** Undefined while its payer has not signed: then it has none yet. */
function signatureOf(transaction: Transaction | undefined): string | undefined {
  const [first] = Object.values(transaction?.signatures ?? {});
  return first ? getBase58Decoder().decode(first) : undefined;
}

/** What a wallet has signed, with its lifetime as the message itself has it: a wallet may change it, and nobody says until when. */
async function readSigned(bytes: Uint8Array, asked: unknown) {
  const signed = getTransactionDecoder().decode(bytes);
  const message = getCompiledTransactionMessageDecoder().decode(signed.messageBytes);
  const now = await lifetimeOf(message as Parameters<typeof lifetimeOf>[0]);
  const { lifetimeConstraint: before } = asked as { lifetimeConstraint?: { blockhash?: string } };
  const isKept = "blockhash" in now && now.blockhash === before?.blockhash;
  const result = Object.freeze({ ...signed, lifetimeConstraint: isKept ? before : now });
  assertIsTransactionWithinSizeLimit(result as never);
  return result as never;
}
