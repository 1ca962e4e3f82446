// What was signed and is not settled yet, in the browser's storage: a page that is loaded again finds it there.

import type { FinalFate, PendingTransaction } from "@joulebook/client";
import { isSignature, type Address } from "@solana/kit";

/** Forgotten: it lands no more, and nobody who was asked knows whether it has. */
export type Fate = FinalFate["kind"] | "forgotten";

/** Something that was signed, and nobody has read yet what became of it. */
export type Unsettled = Readonly<{
  pending: PendingTransaction;
  /** What it does, in the words that it was signed by. */
  what: string;
  /** Milliseconds of this machine. */
  signedAt: number;
  /** What became of it, once that is known: kept until somebody has read it. */
  fate?: Fate;
}>;

/** Whose it is, and in which market. */
export type Whose = Readonly<{ market: Address; wallet: Address }>;

const FATES: readonly unknown[] = ["landed", "failed", "expired", "forgotten"] satisfies Fate[];
const PREFIX = "joulebook.unsettled";
/** Nodes need not know of it any longer, and nobody waits for it. */
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;
/** One after the other is signed and settled: more are none of this page's. */
const MOST = 8;
const MOST_LETTERS = 400;
/** Longer than all of them together, letters. */
const MOST_STORED = 2 * MOST * MOST_LETTERS;
const PROBE = `${PREFIX}.probe`;

/** Names a wallet in a market. */
export const keyOf = ({ market, wallet }: Whose) => [PREFIX, market, wallet].join(".");

/** The latest last. What else is in the storage is left out. */
export function readKept(whose: Whose): readonly Unsettled[] {
  try {
    const told: unknown = JSON.parse(localStorage.getItem(keyOf(whose)) ?? "[]");
    return Array.isArray(told) ? told.slice(-MOST).flatMap(readOne) : [];
  } catch {
    return [];
  }
}

/** What names a nonce in a blockhash's place is not kept: it can't be done twice. */
export function keep(whose: Whose, { pending, what, signedAt, fate }: Unsettled) {
  if (!("lastValidBlockHeight" in pending)) return;
  const { signature, lastValidBlockHeight, signedAfter } = pending;
  const kept = { pending: { signature, lastValidBlockHeight, signedAfter }, what, signedAt };
  write(whose, [...without(whose, signature), fate ? { ...kept, fate } : kept]);
}

/** Whether the browser's storage takes all that may have to be kept: it may be full, or forbidden. */
export function canKeep(): boolean {
  try {
    localStorage.setItem(PROBE, "x".repeat(MOST_STORED));
    localStorage.removeItem(PROBE);
    return true;
  } catch {
    return false;
  }
}

export function forget(whose: Whose, signature: string) {
  write(whose, without(whose, signature));
}

const without = (whose: Whose, signature: string) =>
  readKept(whose).filter(({ pending }) => pending.signature !== signature);

function write(whose: Whose, all: readonly Unsettled[]) {
  const told = all.slice(-MOST).map(({ pending, what, signedAt, fate }) => ({
    ...{ signature: pending.signature, what: what.slice(0, MOST_LETTERS), signedAt, fate },
    lastValidBlockHeight:
      "lastValidBlockHeight" in pending ? String(pending.lastValidBlockHeight) : undefined,
    signedAfter: pending.signedAfter?.toString(),
  }));
  try {
    if (told.length === 0) localStorage.removeItem(keyOf(whose));
    else localStorage.setItem(keyOf(whose), JSON.stringify(told));
  } catch {
    // A page that is loaded again knows of nothing: that is said before anything is signed.
  }
}

function readOne(told: unknown): Unsettled[] {
  const one = (told ?? {}) as Record<string, unknown>;
  const { signature, lastValidBlockHeight, signedAfter, what, signedAt, fate } = one;
  const isWhole =
    typeof signature === "string" &&
    isSignature(signature) &&
    isNumber(lastValidBlockHeight) &&
    (signedAfter === undefined || isNumber(signedAfter)) &&
    typeof what === "string" &&
    typeof signedAt === "number" &&
    Math.abs(Date.now() - signedAt) < KEPT_MILLISECONDS;
  if (!isWhole) return [];
  const since = signedAfter === undefined ? {} : { signedAfter: BigInt(signedAfter) };
  const pending = { signature, lastValidBlockHeight: BigInt(lastValidBlockHeight), ...since };
  const read = { pending, what: what.slice(0, MOST_LETTERS), signedAt };
  return [FATES.includes(fate) ? { ...read, fate: fate as Fate } : read];
}

const isNumber = (told: unknown): told is string =>
  typeof told === "string" && /^\d{1,19}$/.test(told);
