// What earlier calls with the same client ids may have sent: nothing is signed before it is certain what became of that.

import type { SendOptions } from "../connection/connection.js";
import { finalFateOf, type PendingTransaction } from "../connection/fate.js";
import { receiptOf, type Receipt } from "../connection/receipt.js";
import { ForgottenError } from "../errors.js";
import type { MarketHandle } from "./handle.js";

type Identified = Readonly<{ clientId?: number }>;

/** What became of them: a slot from which on accounts show it, and the transactions that have landed. */
export type Earlier = Readonly<{ since: bigint; landed: readonly Receipt[] }>;

/** Calls of this program on one chain. */
type Calls = {
  /** By seat, window and client id. */
  readonly running: Map<string, Promise<unknown>>;
  /** Likewise what the last one has signed, until it is told to have landed. */
  readonly signed: Map<string, PendingTransaction>;
  /** The newest slot in which one has landed: a node that is behind that does not know of it. */
  landedIn: bigint;
};

const chains = new WeakMap<MarketHandle["connection"]["rpc"], Calls>();

function callsOf({ connection }: MarketHandle): Calls {
  const known = chains.get(connection.rpc);
  const calls = known ?? { running: new Map(), signed: new Map(), landedIn: 0n };
  chains.set(connection.rpc, calls);
  return calls;
}

const keyOf = ({ addresses, owner }: MarketHandle, start: bigint, { clientId }: Identified) =>
  [addresses.market, owner, start, clientId].join(" ");

/** Runs calls with the same client id one after the other: none signs while another one may. */
export async function inTurn<Result>(
  market: MarketHandle,
  start: bigint,
  orders: readonly Identified[],
  run: () => Promise<Result>,
): Promise<Result> {
  const { running } = callsOf(market);
  const keys = orders.map((order) => keyOf(market, start, order));
  const call = Promise.allSettled(keys.map((key) => running.get(key))).then(run);
  for (const key of keys) running.set(key, call);
  try {
    return await call;
  } finally {
    for (const key of keys) if (running.get(key) === call) running.delete(key);
  }
}

/** Remembers what may be sent for these orders from now on, as long as this program runs. */
export function remember(
  market: MarketHandle,
  start: bigint,
  orders: readonly Identified[],
  pending: PendingTransaction,
) {
  const { signed } = callsOf(market);
  for (const order of orders) signed.set(keyOf(market, start, order), pending);
}

/** Remembers that it has landed, and that its call has come back. */
export function rememberLanded(
  market: MarketHandle,
  start: bigint,
  orders: readonly Identified[],
  slot: bigint,
) {
  const calls = callsOf(market);
  for (const order of orders) calls.signed.delete(keyOf(market, start, order));
  calls.landedIn = later(calls.landedIn, slot);
}

const later = (one: bigint, other: bigint) => (one > other ? one : other);

/** Waits for what this program remembers, and for `pending`. Throws a FateUnknownError while its fate stays unknown. */
export async function earlierCalls(
  market: MarketHandle,
  start: bigint,
  orders: readonly Identified[],
  pending: PendingTransaction | undefined,
  options: SendOptions,
): Promise<Earlier> {
  const { connection } = market;
  const { signed, landedIn } = callsOf(market);
  const keys = orders.map((order) => keyOf(market, start, order));
  const waiting = [pending, ...keys.map((key) => signed.get(key))];
  const bySignature = new Map(waiting.flatMap((each) => (each ? [[each.signature, each]] : [])));
  const landed: Receipt[] = [];
  let since = landedIn;
  for (const each of bySignature.values()) {
    const { kind, slot } = await finalFateOf(connection, each, options).catch((error: unknown) => {
      // It lands no more: whoever calls again, having looked, need not wait for it.
      if (error instanceof ForgottenError) for (const key of keys) signed.delete(key);
      throw error;
    });
    since = later(since, slot);
    if (kind === "landed") landed.push(await receiptOf(connection, each.signature, slot));
  }
  for (const key of keys) signed.delete(key);
  return { since, landed };
}
