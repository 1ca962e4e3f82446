// Whether a bill holds: worked out once more from the chain, and held against what the indexer says. Loaded when it is asked for.

import {
  BILL_LINES,
  type BillLine,
  proveBill,
  type BillProof,
  type ProofProgress,
} from "@joulebook/client";

import type { Indexer } from "../indexer/client";
import { milliAtomsOf } from "../indexer/money";
import { accountOf } from "./account";
import { boundsOf, type Period } from "../format/period";
import type { Billed } from "./queries";

/** A line as it is on the bill and as it was worked out, of the windows that could be worked out; milli-atoms. */
export type CheckedLine = Readonly<{ name: BillLine; billed: bigint; proven: bigint }>;

export type Check = Readonly<{
  proof: BillProof;
  lines: readonly CheckedLine[];
  /** Windows of the bill, of which some may not be on chain any more. */
  windows: number;
  /**
   * `holds`: all that is over is proven; `partly`: what could be checked holds; `nothing` could be; `fails`: the bill says something
   * else, or an account something else than a device has signed.
   */
  verdict: "holds" | "partly" | "nothing" | "fails";
}>;

/** How often the chain is read while windows that may still change say something else than the indexer. */
const PROOFS = 3;
/** How often the indexer is asked until it says the same, and the pause between, milliseconds. */
const TRIES = 4;
const PAUSE = 1_500;

export type CheckOptions = Readonly<{
  signal: AbortSignal;
  onProgress: (progress: ProofProgress) => void;
}>;

export async function checkBill(
  indexer: Indexer,
  billed: Billed,
  period: Period,
  { signal, onProgress }: CheckOptions,
): Promise<Check> {
  const [since, until] = boundsOf(period, billed.timeZone);
  const time = { since: BigInt(since), until: BigInt(until) };
  for (let proofs = 1; ; proofs++) {
    const proof = await proveBill(billed.market, time, { signal, onProgress });
    let compared = await comparedWith(indexer, billed, period, proof);
    // The indexer may be a moment behind what was just settled.
    for (let tries = 1; tries < TRIES && differ(compared.lines); tries++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      signal.throwIfAborted();
      compared = await comparedWith(indexer, billed, period, proof);
    }
    // Or ahead of what was read: a window may have been settled since.
    const mayHaveMoved = proof.windows.some(({ isFinal }) => !isFinal);
    if (!differ(compared.lines) || !mayHaveMoved || proofs === PROOFS)
      return { proof, ...compared, verdict: verdictOf(proof, compared.lines) };
  }
}

const differs = ({ billed, proven }: CheckedLine) => billed !== proven;
const differ = (lines: readonly CheckedLine[]) => lines.some(differs);

/** The bill of the same windows. What came to light after silence is on a month's alone. */
async function comparedWith(
  indexer: Indexer,
  { market, seat, timeZone }: Billed,
  period: Period,
  proof: BillProof,
) {
  const { decimals } = market.token;
  const [since, until] = boundsOf(period, timeZone);
  const [positions, windows] = await Promise.all([
    indexer.positions(seat, since, until),
    indexer.windows(since, until),
  ]);
  const proven = new Set(proof.windows.map(({ start }) => Number(start)));
  const account = accountOf(
    positions.filter(({ start }) => proven.has(start)),
    windows,
    decimals,
  );
  const isWhole = !proof.unproven.some(({ why }) => why === "pageGone" || why === "silence");
  const bill =
    period.kind === "month" && isWhole
      ? await indexer.bill(period.name, timeZone, market.owner)
      : undefined;
  const lines = BILL_LINES.filter((name) => name !== "afterSilence" || bill).map((name) => {
    const isOfPages = name === "afterSilence" && bill;
    const billed = isOfPages
      ? milliAtomsOf(bill.after_silence, decimals)
      : account.lines[name].amount;
    return { name, billed, proven: proof.lines[name] };
  });
  const over = positions.filter(({ start }) => proof.since <= start && start < proof.until);
  return { lines, windows: over.length };
}

function verdictOf(proof: BillProof, lines: readonly CheckedLine[]): Check["verdict"] {
  if (differ(lines) || proof.intervals.contradicted > 0) return "fails";
  if (proof.windows.length === 0) return "nothing";
  const isOpen = proof.unproven.some(({ why }) => why !== "notOver");
  return isOpen ? "partly" : "holds";
}
