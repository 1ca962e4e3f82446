// What a transaction that landed has done.

import type { Signature } from "@solana/kit";

import { FateUnknownError } from "../errors.js";
import { eventsIn, type ProgramEvent } from "../events.js";
import type { Connection } from "./connection.js";

export type Receipt = Readonly<{
  signature: Signature;
  slot: bigint;
  /** Those of the three programs, in order. A node may have cut a long log: see {@link EventCounts}. */
  events: readonly ProgramEvent[];
  logs: readonly string[];
  /** Lamports, base fee and priority fee. */
  fee: bigint;
  computeUnits: bigint;
}>;

/** A node confirms a transaction some time before it can tell of it. */
const TRIES = 20;

export async function fetchReceipt(
  { rpc, commitment, pollMilliseconds }: Connection,
  signature: Signature,
): Promise<Receipt> {
  // kit's types know version 0 only; nodes refuse to tell of version 1 unless it is asked for.
  const config = { commitment, encoding: "json", maxSupportedTransactionVersion: 1 } as const;
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await rpc.getTransaction(signature, config as never).send();
    if (found?.meta) {
      const { logMessages, fee, computeUnitsConsumed } = found.meta;
      const logs = logMessages ?? [];
      return {
        ...{ signature, slot: found.slot, fee, logs },
        events: eventsIn(logs),
        computeUnits: computeUnitsConsumed ?? 0n,
      };
    }
    await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  }
  throw new FateUnknownError(signature);
}
