// Readings as a meter signs them and a gateway sends them. Layout: docs/message-format.md.

import { signBytes, type Address, type ReadonlyUint8Array } from "@solana/kit";

import {
  getMeterMessageEncoder,
  METER_MESSAGE_VERSION,
  type SignedReadingArgs,
} from "./generated/oracle/index.js";
import type { WhSum } from "./units.js";

const encoder = getMeterMessageEncoder();
const DOMAIN = new TextEncoder().encode("JBMETER\0");

/** One reading of one meter. */
export type Reading = Readonly<{
  /** The meter's number in the community's meter table. */
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

/** The bytes that the meter's device key signs, for a meter of `community`. */
export function readingMessage(community: Address, reading: Reading): ReadonlyUint8Array {
  return encoder.encode({ ...reading, community, domain: DOMAIN, version: METER_MESSAGE_VERSION });
}

/** A reading with its signature, as `submitReadings` takes it. */
export async function signReading(
  device: Device,
  community: Address,
  reading: Reading,
): Promise<SignedReadingArgs> {
  const message = readingMessage(community, reading);
  const signature =
    typeof device === "function"
      ? await device(message)
      : await signBytes(device.privateKey, message);
  if (signature.length !== 64) {
    throw new TypeError(`an Ed25519 signature has 64 bytes; the device gave ${signature.length}`);
  }
  return { ...reading, signature };
}
