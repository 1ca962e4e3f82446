// Who sends them: gateways.

import type { Addresses } from "../addresses.js";
import {
  getProveCheckedKeyCopiedInstruction,
  getProveKeyCopiedInstruction,
  getSubmitCheckedProfilesInstruction,
  getSubmitProfilesInstruction,
  getSubmitReadingsInstruction,
  type SignedMessageArgs,
  type SignedProfileArgs,
  type SignedReadingArgs,
} from "../generated/oracle/index.js";
import { secp256r1CheckInstruction, type P256Signed } from "../secp256r1.js";

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

/**
 * Load profiles of meters with a key of P-256, and the check that has to stand right before them in the transaction
 * ({@link secp256r1CheckInstruction}); at most MAX_P256_SIGNATURES. Each has a result of its own, in the event
 * ReadingsProcessed; but one whose signature does not hold fails them all.
 */
export async function submitCheckedProfiles(
  addresses: Addresses,
  start: bigint,
  signed: readonly P256Signed[],
) {
  const page = await addresses.intervalPage(start);
  const { meterTable } = addresses;
  const submit = getSubmitCheckedProfilesInstruction({ meterTable, page });
  return [secp256r1CheckInstruction(signed), submit] as const;
}

/**
 * Quarantines the meter whose key has signed two different messages with one sequence, as anyone may. Each is a reading or a
 * load profile: `oracle.signedMessage("Reading", [reading])`, `oracle.signedMessage("Profile", [profile])`.
 */
export function proveKeyCopied(
  { meterTable }: Pick<Addresses, "meterTable">,
  first: SignedMessageArgs,
  second: SignedMessageArgs,
) {
  return getProveKeyCopiedInstruction({ meterTable, first, second });
}

/** The same where the key is of P-256, and the check that has to stand right before it in the transaction. */
export function proveCheckedKeyCopied(
  { meterTable }: Pick<Addresses, "meterTable">,
  signed: readonly [P256Signed, P256Signed],
) {
  const prove = getProveCheckedKeyCopiedInstruction({ meterTable });
  return [secp256r1CheckInstruction(signed), prove] as const;
}
