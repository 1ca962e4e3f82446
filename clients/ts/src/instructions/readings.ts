// Who sends them: gateways.

import type { Addresses } from "../addresses.js";
import {
  getProveKeyCopiedInstruction,
  getSubmitProfilesInstruction,
  getSubmitReadingsInstruction,
  type SignedMessageArgs,
  type SignedProfileArgs,
  type SignedReadingArgs,
} from "../generated/oracle/index.js";

/**
 * Readings at the end of the interval that starts at `start`, unix seconds, or at any other boundary of its page; at most
 * the oracle's MAX_READINGS. Each has a result of its own, in the event ReadingsProcessed.
 */
export async function submitReadings(
  addresses: Addresses,
  start: bigint,
  readings: SignedReadingArgs[],
) {
  const page = await addresses.intervalPage(start);
  return getSubmitReadingsInstruction({ meterTable: addresses.meterTable, page, readings });
}

/**
 * Load profiles that lie in the page with the interval that starts at `start`, unix seconds; at most the oracle's MAX_READINGS. Each
 * has a result of its own, in the event ReadingsProcessed.
 */
export async function submitProfiles(
  addresses: Addresses,
  start: bigint,
  profiles: SignedProfileArgs[],
) {
  const page = await addresses.intervalPage(start);
  return getSubmitProfilesInstruction({ meterTable: addresses.meterTable, page, profiles });
}

/** Quarantines the meter whose key has signed two different messages with one sequence, as anyone may. */
export function proveKeyCopied(
  { meterTable }: Pick<Addresses, "meterTable">,
  first: SignedMessageArgs,
  second: SignedMessageArgs,
) {
  return getProveKeyCopiedInstruction({ meterTable, first, second });
}
