// From instructions to a signed transaction: its limits come from a simulation, its priority fee from recent blocks.

import {
  assertIsFullySignedTransaction,
  assertIsTransactionWithinSizeLimit,
  appendTransactionMessageInstructions,
  createTransactionMessage,
  estimateResourceLimitsFactory,
  fillTransactionMessageProvisoryResourceLimits,
  getBase64EncodedWireTransaction,
  getCompiledTransactionMessageDecoder,
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
  type Blockhash,
  type Instruction,
  type Signature,
  type Transaction,
  type TransactionMessage,
  type TransactionMessageWithFeePayer,
} from "@solana/kit";

import { ChangedLifetimeError } from "../errors.js";
import { pause } from "../pause.js";
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
  /** A slot that the chain had come to before it was signed. */
  signedAfter: bigint;
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
/** How often it is asked for a blockhash that a wallet has from elsewhere: that may be ahead. */
const LOOKS_FOR_BLOCKHASH = 10;

/**
 * Simulates the instructions, which must succeed, and signs them with what they need. Throws a RefusedError with the program's words
 * if one of the three refuses, an EmptyWalletError if the payer can't pay, a ChangedLifetimeError if a wallet signs something else
 * of which nobody knows how long it may land.
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
  const config = { ...(options.abortSignal && { abortSignal: options.abortSignal }) };
  const limits = await estimatedLimits(connection, planned, config);
  const limited = pipe(
    setTransactionMessageComputeUnitLimit(limits.computeUnits, planned),
    (message) =>
      limits.loadedBytes === undefined
        ? message
        : setTransactionMessageLoadedAccountsDataSizeLimit(limits.loadedBytes, message),
  );
  const fee = await priorityFee(connection, planned.instructions, limits.computeUnits);
  const { value: lifetime, context } = await rpc.getLatestBlockhash({ commitment }).send(config);
  const message = pipe(
    fee > 0n ? withFee(limited, version, fee, limits.computeUnits) : limited,
    (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
  );
  const transaction = await signTransactionMessageWithSigners(message, config).catch(
    (error: unknown) => Promise.reject(explain(error, { payer: payer.address })),
  );
  assertIsFullySignedTransaction(transaction);
  assertIsTransactionWithinSizeLimit(transaction);
  const signed = blockhashOf(transaction);
  const built = {
    signature: getSignatureFromTransaction(transaction),
    wire: getBase64EncodedWireTransaction(transaction),
    lastValidBlockHeight:
      signed === lifetime.blockhash
        ? lifetime.lastValidBlockHeight
        : await lastHeightOf(connection, signed, config),
    signedAfter: context.slot,
    computeUnitLimit: limits.computeUnits,
    loadedAccountsDataSizeLimit: limits.loadedBytes,
    priorityFee: fee,
  };
  await options.onSigned?.(built);
  return built;
}

/** What the message itself says: a wallet may have changed it, and left the rest as it was. */
function blockhashOf({ messageBytes }: Transaction): Blockhash {
  const message = getCompiledTransactionMessageDecoder().decode(messageBytes);
  return (message as unknown as { lifetimeToken: Blockhash }).lifetimeToken;
}

/**
 * No block higher than this one takes a blockhash that a wallet has put in: the latest one of a node that knows it lives as long,
 * or longer. Throws a ChangedLifetimeError for what is none, such as the nonce of an account, which never expires.
 */
async function lastHeightOf(
  { rpc, commitment, pollMilliseconds }: Connection,
  signed: Blockhash,
  config: Pick<SendOptions, "abortSignal">,
): Promise<bigint> {
  for (let looks = 1; looks <= LOOKS_FOR_BLOCKHASH; looks++) {
    const known = await rpc.isBlockhashValid(signed, { commitment }).send(config);
    if (known.value) {
      const minContextSlot = known.context.slot;
      const latest = await rpc.getLatestBlockhash({ commitment, minContextSlot }).send(config);
      return latest.value.lastValidBlockHeight;
    }
    await pause(pollMilliseconds, config.abortSignal);
  }
  throw new ChangedLifetimeError(signed);
}

async function estimatedLimits(
  { rpc, commitment, payer }: Connection,
  message: Message,
  config: Pick<SendOptions, "abortSignal">,
) {
  try {
    const estimate = await estimateResourceLimitsFactory({ rpc })(message, {
      ...config,
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
