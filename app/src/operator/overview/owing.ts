// What seats and suppliers owe each other, and what a supplier has to pay with.

import { market as programs } from "@joulebook/client";

type Ledger = Pick<
  programs.Ledger,
  "seats" | "suppliers" | "supplying" | "supplierMargin" | "fees"
>;

/** Milli-atoms. */
export type Owed = Readonly<{ seat: number; debt: bigint; claim: bigint }>;

export type Standing = Readonly<{
  debts: bigint;
  claims: bigint;
  /** Earned by the market and not taken out. */
  fees: bigint;
  /** Seats that owe or are owed something, the largest debt first. */
  owed: readonly Owed[];
  /** The supplier named last: money at its disposal, and how much of it has to stay. */
  supplier: Readonly<{ seat: number; free: bigint; margin: bigint }> | undefined;
}>;

export function standingOf({
  seats,
  suppliers,
  supplying,
  supplierMargin,
  fees,
}: Ledger): Standing {
  const sum = (of: (owing: programs.Owing) => bigint, seat: programs.Seat) =>
    seat.owing.reduce((all, each) => all + of(each), 0n);
  const owed = seats
    .map((row, seat) => ({
      seat,
      debt: sum(({ debt }) => debt, row),
      claim: sum(({ claim }) => claim, row),
    }))
    .filter(({ debt, claim }) => debt > 0n || claim > 0n)
    .sort((one, other) => (one.debt > other.debt ? -1 : 1));
  const seat = suppliers[supplying]?.seat;
  const row = seat === undefined ? undefined : seats[seat];
  return {
    debts: owed.reduce((all, { debt }) => all + debt, 0n),
    claims: owed.reduce((all, { claim }) => all + claim, 0n),
    ...{ fees, owed },
    supplier:
      row && seat !== undefined ? { seat, free: row.free, margin: supplierMargin } : undefined,
  };
}
