// Whether a bill holds: worked out once more from the chain, and held against what the indexer says. Loaded when it is asked for.

import {
  BILL_LINES,
  type BillLine,
  proveBill,
  type BillProof,
  type ProofProgress,
  type UnprovenReason,
} from "@joulebook/client";

import type { Indexer } from "../indexer/client";
import type { Period } from "../format/period";
import { boundsOf } from "../format/period";
import { accountOf, type Account } from "./account";
import { readAccount, type Billed, type ReadAccount } from "./queries";

/** A line as it is on the bill and as it was worked out, of the windows that could be worked out; milli-atoms. */
export type CheckedLine = Readonly<{ name: BillLine; billed: bigint; proven: bigint }>;

export type Check = Readonly<{
  proof: BillProof;
  /** The bill that was checked; undefined if the indexer has none. The one that is shown may have gone on since. */
  account: Account | undefined;
  lines: readonly CheckedLine[];
  /** Windows of the bill, of which some may not be on chain any more. */
  windows: number;
  /** Milli-atoms that came to light after silence: they are on a month's bill, and not on a day's. */
  apart: bigint;
  /**
   * `holds`: all that is on the bill is proven; `partly`: what could be checked holds; `nothing` could be; `behind`: windows that may
   * still change are not the same in both; `fails`: the bill says something else, or an account something else than a device has
   * signed.
   */
  verdict: "holds" | "partly" | "nothing" | "behind" | "fails";
}>;

/** How often the chain is read while windows that may still change say something else than the indexer. */
const PROOFS = 3;
/** How often the indexer is asked until it says the same, and the pause between, milliseconds. */
const TRIES = 4;
const PAUSE = 1_500;
/** What of these reasons is open was not worked out at all. */
const NOT_WORKED_OUT: readonly UnprovenReason[] = [
  "notOver",
  "beforeReturn",
  "pageGone",
  "noReadings",
];

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
  const { decimals } = billed.market.token;
  const compare = async (proof: BillProof) =>
    compared(proof, await readAccount(indexer, billed, period, now()), period, decimals);
  for (let proofs = 1; ; proofs++) {
    const proof = await proveBill(billed.market, time, { signal, onProgress });
    let check = await compare(proof);
    // The indexer may be a moment behind what was just settled.
    for (let tries = 1; tries < TRIES && isOtherwise(check); tries++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      signal.throwIfAborted();
      check = await compare(proof);
    }
    // Or ahead of what was read: a window may have been settled since.
    if (!isOtherwise(check) || proof.windows.every(({ isFinal }) => isFinal) || proofs === PROOFS)
      return check;
  }
}

const isOtherwise = ({ verdict }: Check) => verdict === "behind" || verdict === "fails";

function compared(
  proof: BillProof,
  read: ReadAccount | undefined,
  period: Period,
  decimals: number,
): Check {
  const { account, positions, windows } = read ?? {
    ...{ account: undefined, positions: [], windows: [] },
  };
  const proven = new Map(proof.windows.map((window) => [Number(window.start), window]));
  const worked = positions.filter(({ start }) => proven.has(start));
  const rest = positions.filter(({ start }) => !proven.has(start));
  const leftOut = rest.filter(({ start }) => isLeftOut(proof, start));
  // Of time in which nobody could have anything, such as before the household was let in.
  const strange = rest.filter(({ start }) => !isLeftOut(proof, start));
  const own = accountOf(worked, windows, decimals);
  // What came to light after silence is on a month's bill alone, and known only if all of the month's pages are.
  const isWhole = !proof.unproven.some(
    ({ why }) => why === "silence" || (why !== "notOver" && NOT_WORKED_OUT.includes(why)),
  );
  const isMonth = period.kind === "month";
  const lines = BILL_LINES.flatMap((name): CheckedLine[] => {
    if (name !== "afterSilence")
      return [{ name, billed: own.lines[name].amount, proven: proof.lines[name] }];
    if (!isMonth || !isWhole || !account) return [];
    return [{ name, billed: account.lines[name].amount, proven: proof.lines[name] }];
  });

  const byStart = new Map(worked.map((position) => [position.start, position]));
  const others = proof.windows.filter(({ start, lines }) => {
    const position = byStart.get(Number(start));
    if (!position) return true;
    const account = accountOf([position], windows, decimals);
    return BILL_LINES.some((name) => account.lines[name].amount !== lines[name]);
  });
  const isSettled = ({ start, isFinal }: BillProof["windows"][number]) =>
    isFinal && byStart.get(Number(start))?.is_final !== false;
  const differ = lines.some(({ billed, proven }) => billed !== proven);
  const isWrong =
    proof.intervals.contradicted > 0 ||
    others.some(isSettled) ||
    (account !== undefined && !addsUp(account, read!, decimals)) ||
    BILL_LINES.some((name) => accountOf(strange, windows, decimals).lines[name].amount !== 0n) ||
    (differ && proof.windows.every(isSettled));
  const apart = isMonth ? 0n : proof.lines.afterSilence;
  const verdict = () => {
    if (isWrong) return account?.isComplete === false ? "behind" : "fails";
    if (differ || others.length > 0) return "behind";
    if (proof.windows.length === 0) return "nothing";
    const isOpen = proof.unproven.some(({ why }) => why !== "notOver");
    const isAll = leftOut.length === 0 && apart === 0n;
    return isOpen || !isAll ? "partly" : "holds";
  };
  const count = worked.length + leftOut.length;
  return { proof, account, lines, windows: count, apart, verdict: verdict() };
}

/** Whether a bill is what its windows come to: what is shown is what is checked. */
function addsUp(account: Account, { positions, windows }: ReadAccount, decimals: number): boolean {
  const own = accountOf(positions, windows, decimals);
  const names = BILL_LINES.filter((name) => name !== "afterSilence");
  const isSame = names.every((name) => own.lines[name].amount === account.lines[name].amount);
  const sum = BILL_LINES.reduce((total, name) => total + account.lines[name].amount, 0n);
  const isOnce = new Set(positions.map(({ start }) => start)).size === positions.length;
  return isSame && sum === account.total && isOnce && own.windows === account.windows;
}

/** Whether a window lies where nothing was worked out. */
const isLeftOut = ({ unproven }: BillProof, start: number) =>
  unproven.some(
    ({ since, until, why }) =>
      NOT_WORKED_OUT.includes(why) && Number(since) <= start && start < Number(until),
  );
