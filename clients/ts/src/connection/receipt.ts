// What a transaction that landed has done.

import type { Signature } from "@solana/kit";

import { eventsIn, type ProgramEvent } from "../events.js";
import { pause } from "../pause.js";
import type { Connection } from "./connection.js";

export type Receipt = Readonly<{
  signature: Signature;
  slot: bigint;
  /** Those of the three programs, in order. A node may have cut a long log, or keep none: see {@link EventCounts}. */
  events: readonly ProgramEvent[];
  /** Undefined, like the others, if the node does not keep transactions. */
  logs: readonly string[] | undefined;
  /** Lamports, base fee and priority fee. */
  fee: bigint | undefined;
  computeUnits: bigint | undefined;
}>;

/** A node confirms a transaction some time before it can tell of it. */
const TRIES = 10;

/** What an endpoint tells of a transaction; undefined if it knows of none. */
export async function fetchReceipt(
  { rpc, commitment }: Pick<Connection, "rpc" | "commitment">,
  signature: Signature,
): Promise<Receipt | undefined> {
  // kit's types know version 0 only; nodes refuse to tell of version 1 unless it is asked for.
  const config = { commitment, encoding: "json", maxSupportedTransactionVersion: 1 } as const;
  const found = await rpc.getTransaction(signature, config as never).send();
  if (!found?.meta) return undefined;
  const { logMessages, fee, computeUnitsConsumed } = found.meta;
  const logs = logMessages ?? undefined;
  return {
    ...{ signature, slot: found.slot, fee, logs, computeUnits: computeUnitsConsumed },
    events: eventsIn(logs ?? []),
  };
}

/** The receipt of a transaction that has landed in `slot`, with as much as the endpoint tells. */
export async function receiptOf(
  connection: Connection,
  signature: Signature,
  slot: bigint,
): Promise<Receipt> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await fetchReceipt(connection, signature).catch(() => undefined);
    if (found) return found;
    await pause(connection.pollMilliseconds);
  }
  const nothing = { logs: undefined, fee: undefined, computeUnits: undefined };
  return { signature, slot, events: [], ...nothing };
}
