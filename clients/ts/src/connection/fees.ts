// What a transaction pays beyond its base fee, so that it gets into a block that others want into as well.

import { isWritableRole, type Address, type Instruction } from "@solana/kit";

import type { Connection } from "./connection.js";

/** The most accounts that a node looks at. */
const MAX_ACCOUNTS = 128;

const MICRO_LAMPORTS_PER_LAMPORT = 1_000_000n;

/**
 * Lamports for a transaction with this compute limit: at the rate of the middle one of the recent blocks that wrote any of the
 * same accounts, and no more than the connection allows.
 */
export async function priorityFee(
  connection: Connection,
  instructions: readonly Instruction[],
  computeUnitLimit: number,
): Promise<bigint> {
  const { rpc, maxPriorityFee } = connection;
  if (maxPriorityFee === 0n) return 0n;
  const recent = await rpc
    .getRecentPrioritizationFees(writableAccounts(instructions).slice(0, MAX_ACCOUNTS))
    .send();
  const rates = recent
    .map(({ prioritizationFee }) => BigInt(prioritizationFee))
    .sort((one, other) => (one < other ? -1 : 1));
  const rate = rates[Math.floor(rates.length / 2)] ?? 0n;
  const fee = (rate * BigInt(computeUnitLimit)) / MICRO_LAMPORTS_PER_LAMPORT;
  return fee < maxPriorityFee ? fee : maxPriorityFee;
}

/** A fee as the rate that transactions before version 1 name, micro-lamports a compute unit; rounded down. */
export function computeUnitPrice(fee: bigint, computeUnitLimit: number): bigint {
  return (fee * MICRO_LAMPORTS_PER_LAMPORT) / BigInt(computeUnitLimit);
}

function writableAccounts(instructions: readonly Instruction[]): Address[] {
  const accounts = instructions.flatMap(({ accounts = [] }) => accounts);
  return [...new Set(accounts.filter(({ role }) => isWritableRole(role)).map((it) => it.address))];
}
