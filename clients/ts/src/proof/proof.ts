// What a proof of a bill is.

import type { Address, Signature } from "@solana/kit";

import type { PageWindow, Position } from "../generated/market/index.js";
import type { IntervalEntry } from "../interval-page.js";
import type { BillLines, SeatFlow } from "./bill-lines.js";
import type { HouseholdMeter, Origin } from "./signed-registers.js";

/** How an interval's value is proven. */
export const EVIDENCE = ["signed", "replaced", "missing", "unsigned", "contradicted"] as const;
/**
 * By what the device has signed; by a verifier's transaction; without a value; without a signature that is kept; the account tells
 * otherwise than the device has signed.
 */
export type Evidence = (typeof EVIDENCE)[number];

/** What the oracle has of one meter in a window, and what it stands on. */
export type ProvenEntry = Pick<IntervalEntry, "import" | "export" | "quality"> &
  Readonly<{ meter: number; evidence: Evidence; from: readonly Origin[] }>;

/** A window, worked out once more. Times are unix seconds, money milli-atoms, energies Wh. */
export type ProvenWindow = Readonly<{
  start: bigint;
  position: Position;
  window: PageWindow;
  flow: SeatFlow;
  /** What flowed beyond the contracts; positive is drawn. */
  deviation: bigint;
  /** What that costs at the window's prices. */
  due: bigint;
  lines: BillLines;
  entries: readonly ProvenEntry[];
  /** Nothing of it changes any more. */
  isFinal: boolean;
  /** The market's account of it, and the oracle's. */
  page: Address;
  intervalPage: Address;
}>;

/** What came to light in a page after silence. */
export type ProvenEnding = Readonly<{
  /** Start of the page, and of its last window, with which it is charged. */
  page: bigint;
  start: bigint;
  /** Undefined if it follows from pages that are not there any more. */
  amount: bigint | undefined;
}>;

/** An account that the proof stands on. */
export type Witness = Readonly<{
  what: "positions" | "readings" | "participant" | "meters" | "ledger";
  address: Address;
  /** In which it was read. */
  slot: bigint;
  /** Windows that it tells of. */
  windows: number;
}>;

/** Why something stays open. */
export const UNPROVEN = [
  "notOver",
  "beforeReturn",
  "pageGone",
  "noReadings",
  "noValueYet",
  "noValueEver",
  "notSettled",
  "unsigned",
  "contradicted",
  "silence",
  "tooMany",
  "lost",
] as const;
export type UnprovenReason = (typeof UNPROVEN)[number];
export type Unproven = Readonly<{ since: bigint; until: bigint; why: UnprovenReason }>;

/** A bill, and what it stands on. */
export type BillProof = Readonly<{
  seat: number;
  /** What of the time that was asked for is worked out: from the household's approval on, and windows that are over. */
  since: bigint;
  until: bigint;
  /** Windows whose accounts stand, the earliest first. */
  windows: readonly ProvenWindow[];
  endings: readonly ProvenEnding[];
  /** Sums of the windows and endings. */
  lines: BillLines;
  total: bigint;
  intervals: Readonly<Record<Evidence, number>>;
  meters: readonly HouseholdMeter[];
  /** Device signatures that were verified here, and those that do not hold with the key that the meter has now. */
  verified: number;
  refused: number;
  witnesses: readonly Witness[];
  /** Transactions that signatures came from. */
  transactions: readonly Signature[];
  unproven: readonly Unproven[];
  /** Questions that the endpoint was asked. */
  requests: number;
}>;

/** How far a proof is. */
export type ProofProgress = Readonly<{
  step: "accounts" | "lists" | "transactions" | "windows";
  done: number;
  of: number;
}>;
