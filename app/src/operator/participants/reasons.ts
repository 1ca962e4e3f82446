// Reasons of a suspension. The chain has a number, of a list that is the community's own: this is the page's.

export const SUSPENSION_REASONS = {
  asked: 1,
  moved: 2,
  record: 3,
  breach: 4,
  other: 99,
} as const;
export type SuspensionReason = keyof typeof SUSPENSION_REASONS;

/** Undefined for a number of another list. */
export function suspensionReasonName(code: number): SuspensionReason | undefined {
  const names = Object.keys(SUSPENSION_REASONS) as SuspensionReason[];
  return names.find((name) => SUSPENSION_REASONS[name] === code);
}
