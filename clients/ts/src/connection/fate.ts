// What becomes of a transaction. Nothing is ever signed again here: the same bytes are sent until they land, or can't.

import {
  commitmentComparator,
  isSolanaError,
  SOLANA_ERROR__JSON_RPC__INVALID_PARAMS,
  SOLANA_ERROR__JSON_RPC__METHOD_NOT_FOUND,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_SIGNATURE_VERIFICATION_FAILURE,
  type GetSignatureStatusesApi,
  type Signature,
  type TransactionError,
} from "@solana/kit";

import { ExpiredError, FateUnknownError, ForgottenError, UnreachableError } from "../errors.js";
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

/** What certainly became of a transaction, and a slot from which on accounts show it. */
export type FinalFate =
  | Extract<Fate, { kind: "landed" | "failed" }>
  /** It never lands: its blockhash had expired in this slot, which is finalized. */
  | Readonly<{ kind: "expired"; slot: bigint }>;

/** A transaction that may have been sent, as `onSigned` and a FateUnknownError have it. */
export type PendingTransaction = Pick<BuiltTransaction, "signature"> &
  Lifetime &
  /**
   * If `wire` is there, it is sent again as long as a block may take it. If `signedAfter` is, it is said to have expired by a ledger
   * alone that goes back so far.
   */
  Partial<Pick<BuiltTransaction, "wire" | "signedAfter">>;

/** Nodes behind one endpoint may differ in what they know: so often nobody must know of it, once it has expired. */
const LAST_LOOKS = 3;
/** The longest pause between two questions to an endpoint that fails, milliseconds. */
const LONGEST_PAUSE = 5_000;

/** Looks a transaction up once, in all that the endpoint still remembers. What is unknown may land yet: see {@link finalFateOf}. */
export async function fateOf(
  connection: Connection,
  signature: Signature,
  options: SendOptions = {},
): Promise<Fate> {
  return (await lookUp(connection, signature, true, options)).fate;
}

/**
 * Waits until it is certain what became of a transaction of before, which may have been sent or not. Throws a
 * {@link FateUnknownError} as {@link sendAndConfirm} does, which is a {@link ForgottenError} if the endpoint has nothing of then.
 */
export function finalFateOf(
  connection: Connection,
  pending: PendingTransaction,
  options: SendOptions = {},
): Promise<FinalFate> {
  return follow(connection, pending, true, options);
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
  const fate = await follow(connection, built, false, options);
  if (fate.kind === "failed") throw await failure(connection, built, fate.error);
  if (fate.kind === "expired") throw new ExpiredError(built.signature, fate.slot);
  return fate.slot;
}

async function follow(
  connection: Connection,
  pending: PendingTransaction,
  mayBeSent: boolean,
  options: SendOptions,
): Promise<FinalFate> {
  const { abortSignal } = options;
  const { pollMilliseconds, resendMilliseconds, patienceMilliseconds } = connection;
  // Of a clock that nobody sets.
  let heardAt = performance.now();
  let sentAt = -Infinity;
  let expiredAt: bigint | undefined;
  let looks = 0;
  let failures = 0;
  let trouble: unknown;
  for (;;) {
    const isTurn = performance.now() - sentAt >= resendMilliseconds;
    try {
      if (mayBeSent) {
        // Before it is sent again: what has landed is not, and what has expired is looked for in all of the history.
        if (isTurn) expiredAt ??= await expiryOf(connection, pending);
        const hasExpired = expiredAt !== undefined;
        const { fate, asOf } = await lookUp(connection, pending.signature, hasExpired, options);
        if (fate.kind === "landed" || fate.kind === "failed") return fate;
        // What a node does not know that is behind says nothing.
        const counts = expiredAt === undefined || asOf >= expiredAt;
        looks = expiredAt !== undefined && counts && fate.kind === "unknown" ? looks + 1 : 0;
        // Asked with each look: the next one may be answered by another node.
        if (looks > 0 && !(await reachesBack(connection, pending)))
          throw new ForgottenError(pending);
        if (expiredAt !== undefined && looks >= LAST_LOOKS)
          return { kind: "expired", slot: expiredAt };
        if (counts) heardAt = performance.now();
        failures = 0;
      }
    } catch (error) {
      if (!isOfEndpoint(error)) throw error;
      if (expiredAt !== undefined && hasNoHistory(error)) throw new ForgottenError(pending);
      trouble = error;
      failures += 1;
    }
    const isFirst = !mayBeSent;
    try {
      if (expiredAt === undefined && isTurn) {
        sentAt = performance.now();
        mayBeSent = true;
        await send(connection, pending, options);
      }
    } catch (error) {
      // What was sent before may land, whatever a node says of the same bytes now.
      if (isFirst && isHopeless(error)) throw explain(error, { payer: connection.payer.address });
      trouble = error;
    }
    const isOver = performance.now() - heardAt > patienceMilliseconds;
    // It lands no more, and the endpoint refuses to say since when it knows what has landed.
    if (isOver && looks > 0) throw new ForgottenError(pending, { cause: trouble });
    if (abortSignal?.aborted || isOver)
      throw new FateUnknownError(pending, { cause: abortSignal?.reason ?? trouble });
    await pause(Math.min(pollMilliseconds * 2 ** failures, LONGEST_PAUSE), abortSignal);
  }
}

/** What an endpoint knows, and the slot to which the node has come that answers. */
async function lookUp(
  { rpc, commitment }: Connection,
  signature: Signature,
  searchTransactionHistory: boolean,
  { abortSignal }: SendOptions,
): Promise<Readonly<{ fate: Fate; asOf: bigint }>> {
  const { value, context } = await rpc
    .getSignatureStatuses([signature], { searchTransactionHistory })
    .send({ ...(abortSignal && { abortSignal }) });
  return { fate: told(value[0], commitment), asOf: context.slot };
}

function told(
  status: ReturnType<GetSignatureStatusesApi["getSignatureStatuses"]>["value"][number] | undefined,
  commitment: Connection["commitment"],
): Fate {
  if (!status) return { kind: "unknown" };
  const { confirmationStatus, slot, err } = status;
  if (!confirmationStatus || commitmentComparator(confirmationStatus, commitment) < 0)
    return { kind: "pending" };
  return err === null ? { kind: "landed", slot } : { kind: "failed", slot, error: err };
}

async function send(
  { rpc }: Connection,
  { wire }: PendingTransaction,
  { abortSignal }: SendOptions,
) {
  if (!wire) return;
  // It was simulated a moment ago, and is repeated here: the node need do neither.
  await rpc
    .sendTransaction(wire, { encoding: "base64", skipPreflight: true, maxRetries: 0n })
    .send({ ...(abortSignal && { abortSignal }) });
}

/** A slot in which no block takes it any more; undefined before. Finalized, so that no node that is behind can land it later. */
async function expiryOf(connection: Connection, pending: PendingTransaction) {
  const finalized = { commitment: "finalized" } as const;
  if ("nonce" in pending) {
    // It may be the transaction itself that has moved the nonce on: it is looked for afterwards.
    const now = await readNonce({ ...connection, ...finalized }, pending.nonce.account);
    if (now?.value === pending.nonce.value) return undefined;
  }
  // Slot and height of one node.
  const { absoluteSlot, blockHeight } = await connection.rpc.getEpochInfo(finalized).send();
  if ("nonce" in pending) return absoluteSlot;
  return blockHeight > pending.lastValidBlockHeight ? absoluteSlot : undefined;
}

/** Whether what a ledger does not have has not landed: many a node soon forgets. One that never says from when on it knows is believed. */
async function reachesBack({ rpc }: Connection, { signedAfter }: PendingTransaction) {
  if (signedAfter === undefined) return true;
  const first = await rpc
    .getFirstAvailableBlock()
    .send()
    .catch((error: unknown) => {
      if (isSolanaError(error, SOLANA_ERROR__JSON_RPC__METHOD_NOT_FOUND)) return undefined;
      throw error;
    });
  return first === undefined || first <= signedAfter;
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

/** A node that was started without a history of transactions knows the latest ones alone. */
const hasNoHistory = (error: unknown) =>
  isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_TRANSACTION_HISTORY_NOT_AVAILABLE);

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
    // Such as a gateway's page in the place of an answer.
    error instanceof SyntaxError ||
    isAbort(error)
  );
}

const isAbort = (error: unknown) => error instanceof Error && error.name === "AbortError";
