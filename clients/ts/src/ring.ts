// Which account holds the window or the interval that starts at a time (unix seconds).

import type { Address } from "@solana/kit";

import { findWindowPda, type Market } from "./generated/market/index.js";
import { findIntervalPda, type MeterTable } from "./generated/oracle/index.js";

/** An account of a ring, and the slot it is. */
export type RingAccount = Readonly<{ address: Address; slot: number }>;

/** The last boundary of windows of `length` seconds that is not after `time`. */
export function lastBoundary(time: bigint, length: number): bigint {
  return time - remainder(time, BigInt(length));
}

/** (start / length) mod ring; undefined if `start` is not a boundary. */
export function ringSlot(start: bigint, length: number, ring: number): number | undefined {
  const seconds = BigInt(length);
  if (seconds <= 0n || ring <= 0 || remainder(start, seconds) !== 0n) return undefined;
  return Number(remainder(start / seconds, BigInt(ring)));
}

/** Never negative, unlike `%`. */
function remainder(value: bigint, divisor: bigint): bigint {
  return ((value % divisor) + divisor) % divisor;
}

/** The market's window account for the window that starts at `start`; undefined if that is no boundary. */
export async function windowAccount(
  marketAddress: Address,
  market: Pick<Market, "windowSeconds" | "ring">,
  start: bigint,
): Promise<RingAccount | undefined> {
  const slot = ringSlot(start, market.windowSeconds, market.ring);
  if (slot === undefined) return undefined;
  const [address] = await findWindowPda({ market: marketAddress, slot });
  return { address, slot };
}

/** The oracle's account for the interval that starts at `start`; undefined if that is no boundary. */
export async function intervalAccount(
  tableAddress: Address,
  table: Pick<MeterTable, "intervalSeconds" | "ring">,
  start: bigint,
): Promise<RingAccount | undefined> {
  const slot = ringSlot(start, table.intervalSeconds, table.ring);
  if (slot === undefined) return undefined;
  const [address] = await findIntervalPda({ meterTable: tableAddress, slot });
  return { address, slot };
}
