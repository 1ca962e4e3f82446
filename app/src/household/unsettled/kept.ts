// What was signed and is not settled yet, in the browser's storage: a page that is loaded again finds it there.

import type { FinalFate, PendingTransaction } from "@joulebook/client";
import { isSignature, type Address } from "@solana/kit";

export type Fate = FinalFate["kind"];

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

const FATES: readonly unknown[] = ["landed", "failed", "expired"] satisfies Fate[];
const PREFIX = "joulebook.unsettled";
/** Nodes need not know of it any longer, and nobody waits for it. */
const KEPT_MILLISECONDS = 24 * 60 * 60 * 1000;
/** One after the other is signed and settled: more are none of this page's. */
const MOST = 8;
const MOST_LETTERS = 400;

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
  const { signature, lastValidBlockHeight } = pending;
  const kept = { pending: { signature, lastValidBlockHeight }, what, signedAt };
  write(whose, [...without(whose, signature), fate ? { ...kept, fate } : kept]);
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
  }));
  try {
    if (told.length === 0) localStorage.removeItem(keyOf(whose));
    else localStorage.setItem(keyOf(whose), JSON.stringify(told));
  } catch {
    // Storage may be full, or forbidden: then a page that is loaded again knows of nothing.
  }
}

function readOne(told: unknown): Unsettled[] {
  const { signature, lastValidBlockHeight, what, signedAt, fate } = (told ?? {}) as Record<
    string,
    unknown
  >;
  const isOne =
    typeof signature === "string" &&
    isSignature(signature) &&
    typeof lastValidBlockHeight === "string" &&
    /^\d{1,19}$/.test(lastValidBlockHeight) &&
    typeof what === "string" &&
    typeof signedAt === "number" &&
    Math.abs(Date.now() - signedAt) < KEPT_MILLISECONDS;
  if (!isOne) return [];
  const pending = { signature, lastValidBlockHeight: BigInt(lastValidBlockHeight) };
  const one = { pending, what: what.slice(0, MOST_LETTERS), signedAt };
  return [FATES.includes(fate) ? { ...one, fate: fate as Fate } : one];
}
