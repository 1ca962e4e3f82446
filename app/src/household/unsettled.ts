// What was signed and nobody knows of: whatever is done next waits for it, so that nothing is done twice by mistake.

import {
  FateUnknownError,
  finalFateOf,
  type MarketHandle,
  type PendingTransaction,
} from "@joulebook/client";
import type { Address } from "@solana/kit";

/** The transaction of before has landed after all. Nothing was sent now: whoever still wants to says so again. */
export class LandedAfterAllError extends Error {
  override readonly name = "LandedAfterAllError";
}

/** Of each wallet, as long as the page is open: one goes on to another page and comes back. */
const unsettled = new Map<Address, PendingTransaction>();

type Acting = Pick<MarketHandle, "connection" | "trader">;

/** Acts once it is certain what became of the transaction before. Throws a LandedAfterAllError, or what `act` throws. */
export async function actSettled<Result>(
  { connection, trader }: Acting,
  act: () => Promise<Result>,
): Promise<Result> {
  const { address } = trader;
  try {
    const pending = unsettled.get(address);
    const fate = pending && (await finalFateOf(connection, pending));
    unsettled.delete(address);
    if (fate?.kind === "landed") throw new LandedAfterAllError("it has landed after all");
    return await act();
  } catch (error) {
    if (error instanceof FateUnknownError) unsettled.set(address, error.pending);
    throw error;
  }
}
