// A bill: an account of a time, whose it is, and how far it can be relied on.

import { type BillLine } from "@joulebook/client";
import { type Account } from "./account";
import type { DayCorrection } from "./earlier";
import type { Period } from "../format/period";
import type { ChangedPart } from "./since-settled";

/** As it was when it was kept. */
export type KeptBill = Readonly<{
  /** Unix seconds. */
  keptAt: number;
  total: bigint;
  amounts: Readonly<Record<BillLine, bigint>>;
}>;

export type Bill = Readonly<{
  account: Account;
  period: Period;
  /** Whether its time is over. */
  isOver: boolean;
  /** By its owner's wallet; its number in the market. */
  household: string;
  seat: number;
  market: string;
  community?: string | undefined;
  /** Unix seconds. */
  madeAt: number;
  /** Windows with a value that a verifier has set; undefined if that was not looked up. */
  corrected?: number | undefined;
  /** What was corrected in its time of days before it; undefined if that was not looked up. It is not in the sum. */
  earlier?: readonly DayCorrection[] | undefined;
  /** What was corrected of its own windows after they had been settled; undefined if that was not looked up. It is in the sum. */
  changed?: readonly ChangedPart[] | undefined;
  /** The bill that was kept before, where amounts have changed since. */
  kept?: KeptBill | undefined;
}>;

/**
 * A preview as long as values or payments are missing. Then it is settled: all is in, and corrections may still come. Final is what
 * nothing changes any more.
 */
export type BillState = "preview" | "settled" | "final";

export function stateOf({ account, isOver }: Pick<Bill, "account" | "isOver">): BillState {
  const { isComplete, provisional, unheard, unsettled } = account;
  if (!isOver || !isComplete || unsettled > 0) return "preview";
  if (provisional === 0) return "final";
  return unheard > 0 ? "preview" : "settled";
}

/** What is paid more than the kept bill says; below zero, what is given back. Zero where nothing has changed. */
export function changeOf({ account, kept }: Pick<Bill, "account" | "kept">): bigint {
  return kept ? account.total - kept.total : 0n;
}

/** What it is called: a credit note says what is given back of a bill that was kept, and what is paid more is an addition to it. */
export type BillKind = "bill" | "preview" | "credit" | "addition";

export function kindOf(bill: Bill): BillKind {
  const change = changeOf(bill);
  if (stateOf(bill) === "preview") return "preview";
  if (change === 0n) return "bill";
  return change < 0n ? "credit" : "addition";
}
