// What transactions cost, by who paid for them.

import type { PastTransaction } from "@joulebook/client";

export type PayerCosts = Readonly<{ payer: string; transactions: number; lamports: bigint }>;

/** The one who paid most first. */
export function costsByPayer(transactions: readonly PastTransaction[]): PayerCosts[] {
  const sums = new Map<string, PayerCosts>();
  for (const { signers, fee } of transactions) {
    const payer = signers[0] ?? "";
    const before = sums.get(payer) ?? { payer, transactions: 0, lamports: 0n };
    sums.set(payer, {
      payer,
      transactions: before.transactions + 1,
      lamports: before.lamports + BigInt(fee),
    });
  }
  return [...sums.values()].sort((one, other) => (one.lamports > other.lamports ? -1 : 1));
}
