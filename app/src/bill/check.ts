// Whether a bill holds: worked out once more from the chain, and held against what the indexer says. Loaded when it is asked for.

import { proveBill, type BillProof, type ProofProgress } from "@joulebook/client";

import { boundsOf, type Period } from "../format/period";
import type { Indexer } from "../indexer/client";
import { compare, type Check } from "./compare";
import { readAccount, type Billed } from "./queries";

/** How often the chain is read while windows that may still change say something else than the indexer. */
const PROOFS = 3;
/** How often the indexer is asked until it says the same, and the pause between, milliseconds. */
const TRIES = 4;
const PAUSE = 1_500;

export type CheckOptions = Readonly<{
  /** Of the chain, unix seconds: windows that are over by then are on a day's bill. */
  now: () => number;
  signal: AbortSignal;
  onProgress: (progress: ProofProgress) => void;
}>;

export async function checkBill(
  indexer: Indexer,
  billed: Billed,
  period: Period,
  { now, signal, onProgress }: CheckOptions,
): Promise<Check> {
  const [since, until] = boundsOf(period, billed.timeZone);
  const time = { since: BigInt(since), until: BigInt(until) };
  const { parameters, token } = billed.market;
  const compareNow = async (proof: BillProof) =>
    compare(proof, await readAccount(indexer, billed, period, now()), {
      ...{ isMonth: period.kind === "month", decimals: token.decimals },
      // A window at most may have ended since the clock was looked at.
      overUntil: now() + parameters.windowSeconds,
    });
  for (let proofs = 1; ; proofs++) {
    const proof = await proveBill(billed.market, time, { signal, onProgress });
    let check = await compareNow(proof);
    // The indexer may be a moment behind what was just settled.
    for (let tries = 1; tries < TRIES && mayPass(check); tries++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      signal.throwIfAborted();
      check = await compareNow(proof);
    }
    // Or ahead of what was read: a window may have been settled since.
    const isFinal = proof.windows.every((window) => window.isFinal);
    if (!mayPass(check) || isFinal || proofs === PROOFS) return check;
  }
}

/** A difference may be one of moments; what a device has signed otherwise is none. */
const mayPass = ({ verdict, proof }: Check) =>
  verdict === "behind" || (verdict === "fails" && proof.intervals.contradicted === 0);
