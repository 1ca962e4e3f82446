// The chain's clock, by which everything here goes.

import { address, type ReadonlyUint8Array } from "@solana/kit";

import { LaggingClockError } from "../errors.js";
import { fetchAccounts } from "./accounts.js";
import type { MarketHandle } from "./handle.js";

export const CLOCK = address("SysvarC1ock11111111111111111111111111111111");
const UNIX_TIME_AT = 32;

/**
 * What the chain's clock shows, unix seconds. Throws a LaggingClockError if that is far behind this machine's; ahead it may be, as
 * on a local node that runs faster than time.
 */
export async function chainTime(
  market: Pick<MarketHandle, "connection" | "maxClockLag">,
): Promise<bigint> {
  const [account] = await fetchAccounts(market.connection, [CLOCK]);
  if (!account?.exists) throw new Error("the chain has no clock; check the endpoint's URL");
  const time = clockTime(account.data);
  const lag = Math.floor(Date.now() / 1000) - Number(time);
  if (lag > market.maxClockLag) throw new LaggingClockError(lag);
  return time;
}

/** What the bytes of the chain's clock show, unix seconds. */
export function clockTime(data: ReadonlyUint8Array): bigint {
  return new DataView(new Uint8Array(data).buffer).getBigInt64(UNIX_TIME_AT, true);
}
