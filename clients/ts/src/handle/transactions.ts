// What somebody has signed, or what has touched an account: transactions, the latest first, as far back as the endpoint keeps them.

import {
  address,
  getBase58Encoder,
  type Address,
  type Signature,
  type UnixTimestamp,
} from "@solana/kit";

import type { Connection } from "../connection/connection.js";
import { eventsIn, type ProgramEvent } from "../events.js";
import { MEMO_PROGRAM } from "../memo.js";

/** One that has landed and did what it was for. */
export type PastTransaction = Readonly<{
  signature: Signature;
  slot: bigint;
  /** Those who signed it; the first one paid. */
  signers: readonly Address[];
  /** Lamports. */
  fee: bigint;
  events: readonly ProgramEvent[];
  /** What its memos say. */
  memos: readonly string[];
}>;

/** Some of them, and where those before them begin; undefined where the endpoint knows of none. */
export type TransactionPart = Readonly<{
  transactions: readonly PastTransaction[];
  earlier: Signature | undefined;
}>;

/** Enough of a connection to read from. */
export type ChainReader = Pick<Connection, "rpc" | "commitment">;

/** Questions that are open at the same time. */
const AT_ONCE = 8;

/**
 * The transactions that name an account: the latest, or those before `before`. `limit` are looked at, up to 1,000; those that failed
 * are left out.
 */
export async function readTransactions(
  connection: ChainReader,
  of: Address,
  { before, limit = 50 }: Readonly<{ before?: Signature | undefined; limit?: number }> = {},
): Promise<TransactionPart> {
  const { rpc, commitment } = connection;
  const found = await rpc
    .getSignaturesForAddress(of, { commitment, limit, ...(before !== undefined && { before }) })
    .send();
  const landed = found.filter(({ err }) => err === null);
  const transactions: PastTransaction[] = [];
  for (let at = 0; at < landed.length; at += AT_ONCE) {
    const asked = landed.slice(at, at + AT_ONCE);
    const read = await Promise.all(asked.map(({ signature }) => readOne(connection, signature)));
    transactions.push(...read.filter((each) => each !== undefined));
  }
  return { transactions, earlier: found.length < limit ? undefined : found.at(-1)?.signature };
}

/** When a slot's block was made, unix seconds; undefined if the endpoint does not say. */
export async function slotTime({ rpc }: ChainReader, slot: bigint): Promise<bigint | undefined> {
  const time: UnixTimestamp | null = await rpc
    .getBlockTime(slot)
    .send()
    .catch(() => null);
  return time === null ? undefined : BigInt(time);
}

/** As JSON-RPC tells it: of what is asked for here, no more than is used. */
type Told = Readonly<{
  slot: bigint;
  meta: Readonly<{ fee: bigint; logMessages: readonly string[] | null }> | null;
  transaction: Readonly<{
    message: Readonly<{
      accountKeys: readonly string[];
      header: Readonly<{ numRequiredSignatures: number }>;
      instructions: readonly Readonly<{ programIdIndex: number; data: string }>[];
    }>;
  }>;
}>;

async function readOne(
  { rpc, commitment }: ChainReader,
  signature: Signature,
): Promise<PastTransaction | undefined> {
  const config = { commitment, encoding: "json", maxSupportedTransactionVersion: 1 } as const;
  const told = (await rpc
    .getTransaction(signature, config as never)
    .send()) as unknown as Told | null;
  if (!told?.meta) return undefined;
  const { accountKeys, header, instructions } = told.transaction.message;
  const memos = instructions
    .filter(({ programIdIndex }) => accountKeys[programIdIndex] === MEMO_PROGRAM)
    .map(({ data }) => new TextDecoder().decode(new Uint8Array(getBase58Encoder().encode(data))));
  return {
    ...{ signature, slot: told.slot, fee: told.meta.fee, memos },
    signers: accountKeys.slice(0, header.numRequiredSignatures).map((key) => address(key)),
    events: eventsIn(told.meta.logMessages ?? []),
  };
}
