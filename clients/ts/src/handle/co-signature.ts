// What two have to sign: one signs and hands the transaction on, the other sees what it says, signs and sends it. It names the value
// of a nonce account, so that it does not expire in between.
//
// Nothing of it is believed. What is to be signed is taken apart, made anew from what it was understood to say, and must be the same;
// so it can do nothing but what a person is shown. The rules are those of `joulebook member sign`.

import {
  appendTransactionMessageInstruction,
  createTransactionMessage,
  estimateResourceLimitsFactory,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  isTransactionModifyingSigner,
  isTransactionPartialSigner,
  partiallySignTransactionMessageWithSigners,
  pipe,
  setTransactionMessageComputeUnitLimit,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingDurableNonce,
  type Address,
  type SignatureBytes,
  type Transaction,
} from "@solana/kit";

import type { SendOptions } from "../connection/connection.js";
import { sendAndConfirm } from "../connection/fate.js";
import { readNonce, type DurableNonce } from "../connection/nonce.js";
import { receiptOf, type Receipt } from "../connection/receipt.js";
import { CoSignatureError } from "../errors.js";
import type { Actor } from "../instructions/operators.js";
import { explain, explainStatus } from "../refusal.js";
import { sameBytes } from "../same-bytes.js";
import { coSignedInstruction, examine, type CoSigned, type CoSignedRequest } from "../co-signed.js";
import type { MarketHandle } from "./handle.js";

/** Beyond what a simulation took: days may go by until it lands. */
const COMPUTE_UNITS_ASIDE = 10_000;

/**
 * Signs a change for the actor, whose nonce it names; what comes back lacks the signature of the meter's owner. Throws a
 * RefusedError if it would be refused now, and a CoSignatureError if the wallet has changed it.
 */
export async function askForSignature(
  { connection, addresses }: MarketHandle,
  actor: Actor,
  change: CoSigned,
  nonce: DurableNonce,
): Promise<Transaction> {
  const { rpc, commitment } = connection;
  const { signer } = actor;
  const instruction = await coSignedInstruction(addresses, actor, change);
  const limited = (units: number) =>
    pipe(
      createTransactionMessage({ version: "legacy" }),
      (message) => setTransactionMessageFeePayerSigner(signer, message),
      (message) =>
        setTransactionMessageLifetimeUsingDurableNonce(
          {
            ...{ nonce: nonce.value, nonceAccountAddress: nonce.account },
            nonceAuthorityAddress: signer.address,
          },
          message,
        ),
      (message) => setTransactionMessageComputeUnitLimit(units, message),
      (message) => appendTransactionMessageInstruction(instruction, message),
    );
  const units = await estimateResourceLimitsFactory({ rpc })(limited(1_400_000), { commitment })
    .then(({ computeUnitLimit }) => Math.ceil(computeUnitLimit * 1.3) + COMPUTE_UNITS_ASIDE)
    .catch((error: unknown) => Promise.reject(explain(error, { payer: signer.address })));
  const signed = await partiallySignTransactionMessageWithSigners(limited(units));
  const transaction: Transaction = {
    messageBytes: signed.messageBytes,
    signatures: signed.signatures,
  };
  // A wallet may put something of its own in, which the other would refuse.
  await examine(addresses, change.owner, transaction);
  return transaction;
}

/**
 * What a transaction asks the owner of the market's handle to sign. Throws a CoSignatureError unless it is one of the known kinds and
 * nothing else, whole, and still to be had; and a RefusedError if it would be refused now.
 */
export async function examineRequest(
  market: MarketHandle,
  transaction: Transaction,
): Promise<CoSignedRequest> {
  const request = await examine(market.addresses, market.owner, transaction);
  await checkNonce(market, request);
  const { rpc, commitment } = market.connection;
  const wire = getBase64EncodedWireTransaction(transaction as never);
  const { value } = await rpc
    .simulateTransaction(wire, { commitment, encoding: "base64", sigVerify: false })
    .send();
  if (value.err !== null)
    throw explainStatus(value.err, { logs: value.logs, payer: request.payer });
  return request;
}

/** Signs what is asked for and sends it. Throws a CoSignatureError if it was taken back meanwhile, or the wallet has changed it. */
export async function agree(
  market: MarketHandle,
  request: CoSignedRequest,
  options: SendOptions = {},
): Promise<Receipt> {
  await checkNonce(market, request);
  const signed = await signedBy(market, request.transaction);
  const signature = getSignatureFromTransaction(signed);
  const sendable = {
    ...{ signature, nonce: request.nonce },
    wire: getBase64EncodedWireTransaction(signed as never),
  };
  const slot = await sendAndConfirm(market.connection, sendable, options);
  return receiptOf(market.connection, signature, slot);
}

async function checkNonce({ connection }: MarketHandle, { nonce }: CoSignedRequest) {
  const now = await readNonce(connection, nonce.account);
  if (now?.value !== nonce.value) throw new CoSignatureError("used");
}

async function signedBy({ trader }: MarketHandle, transaction: Transaction): Promise<Transaction> {
  const signatures = async (): Promise<Transaction["signatures"]> => {
    if (isTransactionModifyingSigner(trader)) {
      const [signed] = await trader.modifyAndSignTransactions([transaction as never]);
      if (!sameBytes(signed!.messageBytes, transaction.messageBytes))
        throw new CoSignatureError("changed");
      return signed!.signatures;
    }
    if (!isTransactionPartialSigner(trader)) throw new CoSignatureError("wallet");
    const [own] = await trader.signTransactions([transaction as never]);
    return own!;
  };
  const all: Record<Address, SignatureBytes | null> = {
    ...transaction.signatures,
    ...(await signatures()),
  };
  if (Object.values(all).some((signature) => signature === null))
    throw new CoSignatureError("wallet");
  return { ...transaction, signatures: all };
}
