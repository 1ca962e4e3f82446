// Transactions that touched some accounts, as far as an endpoint still has them.

import type { Address, Signature } from "@solana/kit";

import { forEach, type Requests } from "./requests.js";
import { readTransaction, type SignedTransaction, type ToldTransaction } from "./transaction.js";

/** What a history was. */
export type Past = Readonly<{
  /** The earliest first. */
  transactions: readonly SignedTransaction[];
  /** Transactions that the endpoint lists and has no more, or tells otherwise than they were signed. */
  lost: number;
  /** There are more than were looked through. */
  isCut: boolean;
}>;

/** The most that an endpoint lists at once. */
const SIGNATURES_AT_ONCE = 1_000;
/** How far clocks of blocks and of programs may be apart, seconds. */
export const SLACK = 3_600n;
/** Local nodes tell times of blocks that are none: what is before 2020 is not one. */
const EARLIEST = 1_577_836_800n;

export type Listed = "lists" | "transactions";

/** All transactions of these accounts that came from `since` on, unix seconds; where blocks have no time, all. */
export async function readPast(
  requests: Requests,
  accounts: readonly Address[],
  since: bigint,
  told: (what: Listed, done: number, of: number) => void,
): Promise<Past> {
  const lists = await forEach(
    accounts,
    (account) => list(requests, account, since),
    (done) => told("lists", done, accounts.length),
  );
  // Lists begin with the latest one; of a slot they alone tell the order.
  const signatures = [...new Set(lists.flatMap(({ signatures }) => signatures.reverse()))];
  const found = await forEach(
    signatures,
    (signature) => transaction(requests, signature),
    (done) => told("transactions", done, signatures.length),
  );
  const transactions = found.filter((one) => typeof one === "object");
  return {
    transactions: transactions.sort((one, other) => Number(one.slot - other.slot)),
    lost: found.filter((one) => one === "lost").length,
    isCut: lists.some(({ isCut }) => isCut) || found.includes("cut"),
  };
}

async function list(requests: Requests, account: Address, since: bigint) {
  const signatures: Signature[] = [];
  let before: Signature | undefined;
  for (;;) {
    const listed = await requests.ask(
      requests.rpc.getSignaturesForAddress(account, {
        commitment: requests.commitment,
        limit: SIGNATURES_AT_ONCE,
        ...(before ? { before } : {}),
      }),
    );
    if (!listed) return { signatures, isCut: true };
    for (const { signature, err, blockTime } of listed)
      if (err === null && !isBefore(blockTime, since)) signatures.push(signature);
    before = listed.at(-1)?.signature;
    const isOver = listed.length < SIGNATURES_AT_ONCE || isBefore(listed.at(-1)?.blockTime, since);
    if (isOver) return { signatures, isCut: false };
  }
}

const isBefore = (time: bigint | null | undefined, since: bigint) =>
  time !== null && time !== undefined && time >= EARLIEST && time < since;

async function transaction(requests: Requests, signature: Signature) {
  const told = await requests.ask(
    requests.rpc.getTransaction(signature, {
      ...{ commitment: requests.commitment, encoding: "base64" },
      maxSupportedTransactionVersion: 1 as 0,
    }),
  );
  if (told === undefined) return "cut";
  const read = told && readTransaction(signature, told as unknown as ToldTransaction);
  return read ?? "lost";
}
