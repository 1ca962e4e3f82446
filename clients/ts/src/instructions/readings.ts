// Who sends them: gateways.

import type { Addresses } from "../addresses.js";
import { getSubmitReadingsInstruction, type SignedReadingArgs } from "../generated/oracle/index.js";

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
  const { community, meterTable } = addresses;
  return getSubmitReadingsInstruction({ community, meterTable, page, readings });
}
