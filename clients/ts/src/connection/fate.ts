// What becomes of a transaction. Nothing is ever signed again here: the same bytes are sent until they land, or can't.

import {
  commitmentComparator,
  isSolanaError,
  SOLANA_ERROR__JSON_RPC__INVALID_PARAMS,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
  type Signature,
  type TransactionError,
} from "@solana/kit";

import { ExpiredError, FateUnknownError, UnreachableError } from "../errors.js";
import { pause } from "../pause.js";
import { explain, explainStatus } from "../refusal.js";
import type { BuiltTransaction } from "./build.js";
import type { Connection, SendOptions } from "./connection.js";
import { readNonce, type DurableNonce } from "./nonce.js";

/** What a chain knows of a transaction. */
export type Fate =
  | Readonly<{ kind: "landed"; slot: bigint }>
  | Readonly<{ kind: "failed"; slot: bigint; error: TransactionError }>
  /** Seen, and not yet as sure as the connection asks for. */
  | Readonly<{ kind: "pending" }>
  | Readonly<{ kind: "unknown" }>;

/** A transaction that can be sent, again and again. */
export type SendableTransaction = Pick<BuiltTransaction, "signature" | "wire"> & Lifetime;

/** Until when a chain takes it: up to a block, or as long as a nonce account has the value that it names. */
export type Lifetime =
  Readonly<{ lastValidBlockHeight: bigint }> | Readonly<{ nonce: DurableNonce }>;

/** Nodes behind one endpoint may differ in what they know: so often nobody must know of it, once it has expired. */
const LAST_LOOKS = 3;
/** The longest pause between two questions to an endpoint that fails, milliseconds. */
const LONGEST_PAUSE = 5_000;

const UNSENT: Fate = { kind: "unknown" };

/** Looks a transaction up, in all that the endpoint still remembers. */
export function fateOf(
  connection: Connection,
  signature: Signature,
  options: SendOptions = {},
): Promise<Fate> {
  return lookUp(connection, signature, true, options);
}

/**
 * Sends a transaction until it has landed, and gives its slot. Throws what it failed with; an {@link ExpiredError} if it never
 * will land; a {@link FateUnknownError} if the endpoint does not say so for long, or `abortSignal` ends the wait.
 */
export async function sendAndConfirm(
  connection: Connection,
  built: SendableTransaction,
  options: SendOptions = {},
): Promise<bigint> {
  const { abortSignal } = options;
  const { pollMilliseconds, resendMilliseconds, patienceMilliseconds } = connection;
  let heardAt = Date.now();
  let sentAt = 0;
  let looks = 0;
  let failures = 0;
  let trouble: unknown;
  for (;;) {
    const isTurn = Date.now() - sentAt >= resendMilliseconds;
    try {
      // Before it is sent again: what has landed is not, and what has expired is looked for in all of the history.
      const hasExpired =
        looks > 0 || (sentAt > 0 && isTurn && (await isExpired(connection, built)));
      const fate =
        sentAt > 0 ? await lookUp(connection, built.signature, hasExpired, options) : UNSENT;
      if (fate.kind === "landed") return fate.slot;
      if (fate.kind === "failed") throw await failure(connection, built, fate.error);
      looks = hasExpired && fate.kind === "unknown" ? looks + 1 : 0;
      if (looks >= LAST_LOOKS) throw new ExpiredError(built.signature, { cause: trouble });
      heardAt = Date.now();
      failures = 0;
    } catch (error) {
      if (!isOfEndpoint(error)) throw error;
      trouble = error;
      failures += 1;
    }
    try {
      if (looks === 0 && isTurn) {
        sentAt = Date.now();
        await send(connection, built, options);
      }
    } catch (error) {
      if (isHopeless(error)) throw explain(error, { payer: connection.payer.address });
      trouble = error;
    }
    if (abortSignal?.aborted || Date.now() - heardAt > patienceMilliseconds)
      throw new FateUnknownError(built.signature, { cause: abortSignal?.reason ?? trouble });
    await pause(Math.min(pollMilliseconds * 2 ** failures, LONGEST_PAUSE), abortSignal);
  }
}

async function lookUp(
  { rpc, commitment }: Connection,
  signature: Signature,
  searchTransactionHistory: boolean,
  { abortSignal }: SendOptions,
): Promise<Fate> {
  const { value } = await rpc
    .getSignatureStatuses([signature], { searchTransactionHistory })
    .send({ ...(abortSignal && { abortSignal }) });
  const status = value[0];
  if (!status) return { kind: "unknown" };
  const { confirmationStatus, slot, err } = status;
  if (!confirmationStatus || commitmentComparator(confirmationStatus, commitment) < 0)
    return { kind: "pending" };
  return err === null ? { kind: "landed", slot } : { kind: "failed", slot, error: err };
}

async function send(
  { rpc }: Connection,
  { wire }: SendableTransaction,
  { abortSignal }: SendOptions,
) {
  // It was simulated a moment ago, and is repeated here: the node need do neither.
  await rpc
    .sendTransaction(wire, { encoding: "base64", skipPreflight: true, maxRetries: 0n })
    .send({ ...(abortSignal && { abortSignal }) });
}

/** Finalized, so that no node that is behind can land it later. */
async function isExpired(connection: Connection, of: SendableTransaction) {
  const finalized = { commitment: "finalized" } as const;
  if ("nonce" in of) {
    // It may be the transaction itself that has moved the nonce on: it is looked for afterwards.
    const now = await readNonce({ ...connection, ...finalized }, of.nonce.account);
    return now?.value !== of.nonce.value;
  }
  const height = await connection.rpc.getBlockHeight(finalized).send();
  return height > of.lastValidBlockHeight;
}

async function failure(
  { rpc, commitment, payer }: Connection,
  { signature }: SendableTransaction,
  error: TransactionError,
): Promise<unknown> {
  const config = { commitment, encoding: "json", maxSupportedTransactionVersion: 1 } as const;
  // Without its log it is less well told, and as true.
  const found = await rpc
    .getTransaction(signature, config as never)
    .send()
    .catch(() => null);
  return explainStatus(error, { logs: found?.meta?.logMessages, payer: payer.address });
}

/** No repetition makes these good. Any other refusal of a node may be its own trouble, or one that passes. */
function isHopeless(error: unknown): boolean {
  return (
    isSolanaError(
      error,
      SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
    ) || isSolanaError(error, SOLANA_ERROR__JSON_RPC__INVALID_PARAMS)
  );
}

/** Of the way to the chain, and not of the transaction: these are waited out. */
function isOfEndpoint(error: unknown): boolean {
  return (
    isSolanaError(error) ||
    error instanceof UnreachableError ||
    error instanceof TypeError ||
    isAbort(error)
  );
}

const isAbort = (error: unknown) => error instanceof Error && error.name === "AbortError";
