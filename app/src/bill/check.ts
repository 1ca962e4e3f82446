// Whether a bill holds: worked out once more from the chain, and held against what the indexer says. Loaded when it is asked for.

import {
  BILL_LINES,
  type BillLine,
  proveBill,
  type BillProof,
  type ProofProgress,
  type ProvenWindow,
  type UnprovenReason,
} from "@joulebook/client";

import type { Indexer, Schemas } from "../indexer/client";
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
  isMonth: boolean;
  /** Milli-atoms that came to light after silence, of which nothing is said: a day's bill has not got them, a month's can't be checked. */
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
  const { windowSeconds } = billed.market.parameters;
  const compare = async (proof: BillProof) =>
    compared(
      ...([proof, await readAccount(indexer, billed, period, now()), period, decimals] as const),
      // A window at most may have ended since the clock was looked at.
      now() + windowSeconds,
    );
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

const isOtherwise = ({ verdict, proof }: Check) =>
  verdict === "behind" || (verdict === "fails" && proof.intervals.contradicted === 0);

function compared(
  proof: BillProof,
  read: ReadAccount | undefined,
  period: Period,
  decimals: number,
  overUntil: number,
): Check {
  const { account, windows } = read ?? { account: undefined, windows: [] };
  const sum = (positions: ReadAccount["positions"]) => accountOf(positions, windows, decimals);
  // A month's bill has the time of the same owner, and its seat's rows may have that of another before it.
  const rows = read?.positions ?? [];
  const own = rows.filter(({ start }) => proof.since <= start);
  const isAddedUp = [rows, own].map((some) => account && addsUp(account, sum(some)));
  const positions = isAddedUp[0] ? rows : own;

  const proven = new Map(proof.windows.map((window) => [Number(window.start), window]));
  const worked = positions.filter(({ start }) => proven.has(start));
  const rest = positions.filter(({ start }) => !proven.has(start));
  const isOpen = ({ start }: { start: number }) => start < overUntil && isLeftOut(proof, start);
  const leftOut = rest.filter(isOpen);
  // Of time in which nobody could have anything: before the household was let in, or to come.
  const strange = sum(rest.filter((position) => !isOpen(position)));
  // What came to light after silence is on a month's bill alone, and known only if all of the month's pages are.
  const isWhole = !proof.unproven.some(
    ({ why }) => why === "silence" || (why !== "notOver" && NOT_WORKED_OUT.includes(why)),
  );
  const isMonth = period.kind === "month";
  const told = account && leftOut.length === 0 ? account : sum(worked);
  const lines = BILL_LINES.flatMap((name): CheckedLine[] => {
    if (name !== "afterSilence")
      return [{ name, billed: told.lines[name].amount, proven: proof.lines[name] }];
    if (!isMonth || !isWhole || !account) return [];
    return [{ name, billed: account.lines[name].amount, proven: proof.lines[name] }];
  });

  const byStart = new Map(worked.map((position) => [position.start, position]));
  const others = proof.windows.filter(
    (window) => !isSameWindow(window, byStart.get(Number(window.start)), sum),
  );
  const isSettled = ({ start, isFinal }: ProvenWindow) =>
    isFinal && byStart.get(Number(start))?.is_final === true;
  const differ = lines.some(({ billed, proven }) => billed !== proven);
  const isWrong =
    others.some(isSettled) ||
    (account !== undefined && !isAddedUp.includes(true)) ||
    new Set(positions.map(({ start }) => start)).size < positions.length ||
    BILL_LINES.some((name) => strange.lines[name].amount !== 0n) ||
    (differ && proof.windows.every(isSettled));
  const silent = account?.lines.afterSilence.amount ?? 0n;
  const apart = isMonth ? (isWhole ? 0n : silent) : proof.lines.afterSilence;
  const verdict = () => {
    if (proof.intervals.contradicted > 0) return "fails";
    // It says itself that something is missing in it.
    if (isWrong) return account?.isComplete === false ? "behind" : "fails";
    if (differ || others.length > 0) return "behind";
    if (proof.windows.length === 0) return "nothing";
    const hasOpen = proof.unproven.some(({ why }) => why !== "notOver");
    return hasOpen || leftOut.length > 0 || apart !== 0n ? "partly" : "holds";
  };
  const count = worked.length + leftOut.length;
  return { proof, account, lines, windows: count, isMonth, apart, verdict: verdict() };
}

/** Whether the indexer has of a window what the chain has. */
function isSameWindow(
  { position: contract, flow, lines, isFinal }: ProvenWindow,
  position: Schemas["PositionItem"] | undefined,
  sum: (positions: ReadAccount["positions"]) => Account,
): boolean {
  if (!position) return false;
  const own = sum([position]);
  const energies = [
    [position.bought_wh, contract.bought],
    [position.sold_wh, contract.sold],
    [position.import_wh, flow.import],
    [position.export_wh, flow.export],
  ] as const;
  return (
    BILL_LINES.every((name) => own.lines[name].amount === lines[name]) &&
    energies.every(([told, read]) => told === Number(read)) &&
    (isFinal || !position.is_final)
  );
}

/** Whether a bill is what its windows come to: what is shown is what is checked. */
function addsUp(account: Account, own: Account): boolean {
  const names = BILL_LINES.filter((name) => name !== "afterSilence");
  const isSame = names.every((name) => own.lines[name].amount === account.lines[name].amount);
  const sum = BILL_LINES.reduce((total, name) => total + account.lines[name].amount, 0n);
  return isSame && sum === account.total;
}

/** Whether a window lies where nothing was worked out. */
const isLeftOut = ({ unproven }: BillProof, start: number) =>
  unproven.some(
    ({ since, until, why }) =>
      NOT_WORKED_OUT.includes(why) && Number(since) <= start && start < Number(until),
  );
