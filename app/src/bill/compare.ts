// What an indexer says of a bill, held against what was worked out from the chain.

import {
  BILL_LINES,
  type BillLine,
  type BillProof,
  type ProvenWindow,
  type UnprovenReason,
} from "@joulebook/client";

import type { Schemas } from "../indexer/client";
import { accountOf, type Account } from "./account";
import type { ReadAccount } from "./queries";

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
  /** Milli-atoms that came to light after silence and that `lines` does not tell: a day's bill has not got them, a month's can't be checked. */
  apart: bigint;
  /**
   * `holds`: all amounts of the bill are proven; `partly`: what could be checked holds; `nothing` could be; `behind`: the indexer has not
   * come as far as the chain, or says itself that it is incomplete; `fails`: the bill says something else, or an account something else
   * than a device has signed.
   */
  verdict: "holds" | "partly" | "nothing" | "behind" | "fails";
}>;

export type CompareOptions = Readonly<{
  /** A bill of a month has what came to light after silence. */
  isMonth: boolean;
  /** Of the token. */
  decimals: number;
  /** No window that starts then or later can be over, unix seconds. */
  overUntil: number;
}>;

type Row = Schemas["PositionItem"];
type Sum = (rows: readonly Row[]) => Account;

const LINES_OF_WINDOWS = BILL_LINES.filter((name) => name !== "afterSilence");
/** What is open for these reasons was not worked out at all. */
const NOT_WORKED_OUT: readonly UnprovenReason[] = [
  "notOver",
  "beforeReturn",
  "pageGone",
  "noReadings",
];

export function compare(
  proof: BillProof,
  read: ReadAccount | undefined,
  { isMonth, decimals, overUntil }: CompareOptions,
): Check {
  const { account, positions = [], windows = [] } = read ?? {};
  const sum: Sum = (rows) => accountOf(rows, windows, decimals);
  // The seat may have been another's before: then a month's bill begins with this household, and its rows do not.
  const own = positions.filter(({ start }) => proof.since <= start);
  const addedUp = [positions, own].find((rows) => account && addsUp(account, sum(rows)));
  const rows = addedUp ?? own;

  const proven = new Set(proof.windows.map(({ start }) => Number(start)));
  const isOpen = ({ start }: Row) => start < overUntil && isLeftOut(proof, start);
  const worked = rows.filter(({ start }) => proven.has(start));
  const open = rows.filter((row) => !proven.has(row.start) && isOpen(row));
  // Of time in which nobody can have anything: before the household was let in, or to come.
  const strange = rows.filter((row) => !proven.has(row.start) && !isOpen(row));

  const isWhole = !proof.unproven.some(({ why }) => why === "silence" || isAccountMissing(why));
  const silence = account?.lines.afterSilence.amount ?? 0n;
  const told = account && open.length === 0 ? account : sum(worked);
  const lines: CheckedLine[] = LINES_OF_WINDOWS.map((name) => ({
    ...{ name, billed: told.lines[name].amount, proven: proof.lines[name] },
  }));
  if (isMonth && isWhole && account)
    lines.push({ name: "afterSilence", billed: silence, proven: proof.lines.afterSilence });
  const differ = lines.some(({ billed, proven }) => billed !== proven);

  const byStart = new Map(worked.map((row) => [row.start, row]));
  const rowOf = ({ start }: ProvenWindow) => byStart.get(Number(start));
  const others = proof.windows.filter((window) => !isSameWindow(window, rowOf(window), sum));
  /** Neither side can have anything else of it later. */
  const isSettled = (window: ProvenWindow) => window.isFinal && rowOf(window)?.is_final === true;

  const isWrong =
    (account !== undefined && !addedUp) ||
    byStart.size < worked.length ||
    LINES_OF_WINDOWS.some((name) => sum(strange).lines[name].amount !== 0n) ||
    others.some(isSettled) ||
    (differ && proof.windows.every(isSettled));
  const apart = isMonth ? (isWhole ? 0n : silence) : proof.lines.afterSilence;
  const isAll =
    open.length === 0 && apart === 0n && proof.unproven.every(({ why }) => why === "notOver");
  const verdict = (): Check["verdict"] => {
    if (proof.intervals.contradicted > 0) return "fails";
    if (isWrong) return account?.isComplete === false ? "behind" : "fails";
    if (differ || others.length > 0) return "behind";
    if (proof.windows.length === 0) return "nothing";
    return isAll ? "holds" : "partly";
  };
  const count = worked.length + open.length;
  return { proof, account, lines, windows: count, isMonth, apart, verdict: verdict() };
}

/** Whether the bill that is shown is what its windows come to, and its sum that of its lines. */
function addsUp({ lines, total }: Account, own: Account): boolean {
  const sum = BILL_LINES.reduce((amount, name) => amount + lines[name].amount, 0n);
  const isSame = LINES_OF_WINDOWS.every((name) => lines[name].amount === own.lines[name].amount);
  return isSame && sum === total;
}

/** Whether the indexer has of a window what the chain has. */
function isSameWindow(window: ProvenWindow, row: Row | undefined, sum: Sum): boolean {
  if (!row) return false;
  const { position, flow, lines, isFinal } = window;
  const { lines: own } = sum([row]);
  return (
    LINES_OF_WINDOWS.every((name) => own[name].amount === lines[name]) &&
    row.bought_wh === position.bought &&
    row.sold_wh === position.sold &&
    row.import_wh === Number(flow.import) &&
    row.export_wh === Number(flow.export) &&
    (isFinal || !row.is_final)
  );
}

const isAccountMissing = (why: UnprovenReason) => why !== "notOver" && NOT_WORKED_OUT.includes(why);

/** Whether a window lies where nothing was worked out. */
const isLeftOut = ({ unproven }: BillProof, start: number) =>
  unproven.some(
    ({ since, until, why }) => NOT_WORKED_OUT.includes(why) && since <= start && start < until,
  );
