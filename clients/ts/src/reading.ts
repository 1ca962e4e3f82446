// Readings as a meter signs them and a gateway sends them. Layout: docs/message-format.md.

import {
  blockhash,
  getAddressEncoder,
  getBlockhashEncoder,
  signBytes,
  type Address,
  type ReadonlyUint8Array,
} from "@solana/kit";

import {
  getMeterMessageEncoder,
  METER_MESSAGE_VERSION,
  ORACLE_PROGRAM_ADDRESS,
  type SignedReadingArgs,
} from "./generated/oracle/index.js";
import type { WhSum } from "./units.js";

const encoder = getMeterMessageEncoder();
const DOMAIN = new TextEncoder().encode("JBMETER\0");
const BINDING_DOMAIN = new TextEncoder().encode("JBBIND\0\0");

/** One reading of one meter. */
export type Reading = Readonly<{
  /** The meter's number, as it was registered with. See {@link meterOf}. */
  meter: number;
  /** The window boundary that the registers were read at, unix seconds. */
  boundary: bigint;
  /** Grows with every message of the meter. */
  sequence: bigint;
  /** The two cumulative registers; neither ever decreases. */
  import: WhSum;
  export: WhSum;
  /** A sum of the oracle's METER_FLAG constants. */
  flags: number;
}>;

/** Whatever holds the device's Ed25519 key: a key pair, or a function that signs 80 bytes. */
export type Device =
  | CryptoKeyPair
  | ((message: ReadonlyUint8Array) => ReadonlyUint8Array | Promise<ReadonlyUint8Array>);

/**
 * What ties readings to a meter table, 32 bytes; the table's `binding` has them, too. `genesisHash` is what the chain itself
 * says (`rpc.getGenesisHash()`): a program can't see it, so whoever sets a device up compares the two.
 */
export async function meterBinding(
  genesisHash: string,
  meterTable: Address,
): Promise<ReadonlyUint8Array> {
  const address = getAddressEncoder();
  const bytes = [
    ...BINDING_DOMAIN,
    ...address.encode(ORACLE_PROGRAM_ADDRESS),
    ...getBlockhashEncoder().encode(blockhash(genesisHash)),
    ...address.encode(meterTable),
  ];
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

/** The bytes that the meter's device key signs, for a meter of the table with this {@link meterBinding}. */
export function readingMessage(binding: ReadonlyUint8Array, reading: Reading): ReadonlyUint8Array {
  // The encoder would cut it, or fill it up.
  if (binding.length !== 32) {
    throw new TypeError(`a binding has 32 bytes; this one has ${binding.length}`);
  }
  return encoder.encode({ ...reading, binding, domain: DOMAIN, version: METER_MESSAGE_VERSION });
}

/** A reading with its signature, as `submitReadings` takes it. */
export async function signReading(
  device: Device,
  binding: ReadonlyUint8Array,
  reading: Reading,
): Promise<SignedReadingArgs> {
  const message = readingMessage(binding, reading);
  const signature =
    typeof device === "function"
      ? await device(message)
      : await signBytes(device.privateKey, message);
  if (signature.length !== 64) {
    throw new TypeError(`an Ed25519 signature has 64 bytes; the device gave ${signature.length}`);
  }
  return { ...reading, signature };
}
