// What ties a meter's messages to the meter table that they are for.

import {
  blockhash,
  getAddressEncoder,
  getBlockhashEncoder,
  type Address,
  type ReadonlyUint8Array,
} from "@solana/kit";

import { ORACLE_PROGRAM_ADDRESS } from "./generated/oracle/index.js";

const DOMAIN = new TextEncoder().encode("JBBIND\0\0");
const LENGTH = 32;

/**
 * What ties readings and load profiles to a meter table, 32 bytes; the table's `binding` has them, too. `genesisHash` is what
 * the chain itself says (`rpc.getGenesisHash()`): a program can't see it, so whoever sets a device up compares the two.
 */
export async function meterBinding(
  genesisHash: string,
  meterTable: Address,
): Promise<ReadonlyUint8Array> {
  const address = getAddressEncoder();
  const bytes = [
    ...DOMAIN,
    ...address.encode(ORACLE_PROGRAM_ADDRESS),
    ...getBlockhashEncoder().encode(blockhash(genesisHash)),
    ...address.encode(meterTable),
  ];
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

/** An encoder would cut one that is too long, or fill one up. */
export function checkBinding({ length }: ReadonlyUint8Array) {
  if (length !== LENGTH) {
    throw new TypeError(`a binding has ${LENGTH} bytes; this one has ${length}`);
  }
}
