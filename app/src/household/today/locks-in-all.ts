import type { Lock } from "@joulebook/client";

/** Locks of one kind: how much they come to, and of how many windows, from which to which. */
export type LockSum = Readonly<{
  why: Lock["why"];
  amount: bigint;
  count: number;
  first: bigint;
  last: bigint;
}>;

export function locksInAll(locks: readonly Lock[]): readonly LockSum[] {
  return (["orders", "contracts"] as const).flatMap((why) => {
    const of = locks.filter((lock) => lock.why === why && lock.amount > 0n);
    const [first] = of;
    if (!first) return [];
    const amount = of.reduce((sum, lock) => sum + lock.amount, 0n);
    const starts = of.map(({ window }) => window).sort((one, other) => (one < other ? -1 : 1));
    return [{ why, amount, count: of.length, first: starts[0]!, last: starts.at(-1)! }];
  });
}
