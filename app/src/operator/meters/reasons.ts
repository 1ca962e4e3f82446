// Reasons of a quarantine. The chain has a number, of a list that is the community's own: this is the page's.

import { oracle } from "@joulebook/client";

export const QUARANTINE_REASONS = {
  implausible: 1,
  tampered: 2,
  defective: 3,
  clock: 4,
  owner: 5,
  other: 99,
} as const;
export type QuarantineReason = keyof typeof QUARANTINE_REASONS;

/** Those that the program itself gives. */
const OWN_REASONS = {
  [oracle.REASON_VIOLATIONS]: "violations",
  [oracle.REASON_KEY_COPIED]: "keyCopied",
} as const;

export type ReasonName = QuarantineReason | "violations" | "keyCopied";

/** The name of a quarantine's reason; undefined for a number of another list. */
export function reasonName(code: number): ReasonName | undefined {
  const own = (OWN_REASONS as Record<number, "violations" | "keyCopied" | undefined>)[code];
  if (own) return own;
  const names = Object.keys(QUARANTINE_REASONS) as QuarantineReason[];
  return names.find((name) => QUARANTINE_REASONS[name] === code);
}
