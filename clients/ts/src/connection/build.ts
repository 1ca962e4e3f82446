// From instructions to a signed transaction: its limits come from a simulation, its priority fee from recent blocks.

import {
  assertIsFullySignedTransaction,
  assertIsTransactionWithBlockhashLifetime,
  assertIsTransactionWithinSizeLimit,
  appendTransactionMessageInstructions,
  createTransactionMessage,
  estimateResourceLimitsFactory,
  fillTransactionMessageProvisoryResourceLimits,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  pipe,
  setTransactionMessageComputeUnitLimit,
  setTransactionMessageComputeUnitPrice,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  setTransactionMessageLoadedAccountsDataSizeLimit,
  setTransactionMessagePriorityFeeLamports,
  signTransactionMessageWithSigners,
  type Base64EncodedWireTransaction,
  type Instruction,
  type Signature,
  type TransactionMessage,
  type TransactionMessageWithFeePayer,
} from "@solana/kit";

import { explain } from "../refusal.js";
import type { Connection, SendOptions } from "./connection.js";
import { computeUnitPrice, priorityFee } from "./fees.js";

/** A transaction that is signed and not sent yet. */
export type BuiltTransaction = Readonly<{
  signature: Signature;
  /** What is sent, and sent again, as it is. */
  wire: Base64EncodedWireTransaction;
  /** No block higher than this one takes it. */
  lastValidBlockHeight: bigint;
  computeUnitLimit: number;
  /** Bytes. */
  loadedAccountsDataSizeLimit: number | undefined;
  /** Lamports. */
  priorityFee: bigint;
}>;

/** A message whose version is known at run time only: kit's types ask for it earlier. */
type Message = TransactionMessage & TransactionMessageWithFeePayer & { version: 0 };
type MessageOfVersion1 = TransactionMessage & TransactionMessageWithFeePayer & { version: 1 };

/** What a transaction may need at most. */
const MAX_COMPUTE_UNITS = 1_400_000;
const MAX_LOADED_BYTES = 64 * 1024 * 1024;
/** Accounts may have changed when it lands: a tenth more, and some. Loaded data is counted in pages of this size. */
const COMPUTE_UNITS_ASIDE = 1_000;
const LOADED_PAGE = 32 * 1024;

/**
 * Simulates the instructions, which must succeed, and signs them with what they need. Throws a RefusedError with the program's words
 * if one of the three refuses, an EmptyWalletError if the payer can't pay.
 */
export async function buildTransaction(
  connection: Connection,
  instructions: readonly Instruction[],
  options: SendOptions = {},
): Promise<BuiltTransaction> {
  const message = planMessage(connection, instructions);
  return signMessage(connection, message, options);
}

/** The instructions as a message that says nothing yet of limits, fee and lifetime. */
export function planMessage(connection: Connection, instructions: readonly Instruction[]): Message {
  const { version, payer } = connection;
  return pipe(
    createTransactionMessage({ version: version as 0 }),
    (message) => setTransactionMessageFeePayerSigner(payer, message),
    (message) => fillTransactionMessageProvisoryResourceLimits(message),
    (message) => appendTransactionMessageInstructions(instructions, message),
  );
}

/** {@link buildTransaction} of a message of {@link planMessage}. */
export async function signMessage(
  connection: Connection,
  planned: Message,
  options: SendOptions = {},
): Promise<BuiltTransaction> {
  const { rpc, commitment, version, payer } = connection;
  const limits = await estimatedLimits(connection, planned, options);
  const limited = pipe(
    setTransactionMessageComputeUnitLimit(limits.computeUnits, planned),
    (message) =>
      limits.loadedBytes === undefined
        ? message
        : setTransactionMessageLoadedAccountsDataSizeLimit(limits.loadedBytes, message),
  );
  const fee = await priorityFee(connection, planned.instructions, limits.computeUnits);
  const { value: blockhash } = await rpc.getLatestBlockhash({ commitment }).send(options);
  const message = pipe(
    fee > 0n ? withFee(limited, version, fee, limits.computeUnits) : limited,
    (message) => setTransactionMessageLifetimeUsingBlockhash(blockhash, message),
  );
  const transaction = await signTransactionMessageWithSigners(message, options).catch(
    (error: unknown) => Promise.reject(explain(error, { payer: payer.address })),
  );
  assertIsTransactionWithBlockhashLifetime(transaction);
  assertIsFullySignedTransaction(transaction);
  assertIsTransactionWithinSizeLimit(transaction);
  return {
    signature: getSignatureFromTransaction(transaction),
    wire: getBase64EncodedWireTransaction(transaction),
    lastValidBlockHeight: transaction.lifetimeConstraint.lastValidBlockHeight,
    computeUnitLimit: limits.computeUnits,
    loadedAccountsDataSizeLimit: limits.loadedBytes,
    priorityFee: fee,
  };
}

async function estimatedLimits(
  { rpc, commitment, payer }: Connection,
  message: Message,
  options: SendOptions,
) {
  try {
    const estimate = await estimateResourceLimitsFactory({ rpc })(message, {
      ...options,
      commitment,
    });
    const units = Math.ceil(estimate.computeUnitLimit * 1.1) + COMPUTE_UNITS_ASIDE;
    const bytes = estimate.loadedAccountsDataSizeLimit;
    return {
      computeUnits: Math.min(units, MAX_COMPUTE_UNITS),
      // Some nodes do not say.
      loadedBytes: bytes
        ? Math.min(Math.ceil((bytes * 1.1) / LOADED_PAGE + 1) * LOADED_PAGE, MAX_LOADED_BYTES)
        : undefined,
    };
  } catch (error) {
    throw explain(error, { payer: payer.address });
  }
}

function withFee(message: Message, version: 0 | 1, fee: bigint, units: number): Message {
  if (version === 0)
    return setTransactionMessageComputeUnitPrice(computeUnitPrice(fee, units), message);
  const typed = message as unknown as MessageOfVersion1;
  return setTransactionMessagePriorityFeeLamports(fee, typed) as unknown as Message;
}
