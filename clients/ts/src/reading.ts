// Readings as a meter signs them and a gateway sends them. Layout: docs/message-format.md.

import type { ReadonlyUint8Array } from "@solana/kit";

import { checkBinding } from "./binding.js";
import { deviceSignature, type Device } from "./device.js";
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
  /** The meter's number, as it was registered with. See {@link meterOf}. */
  meter: number;
  /** The window boundary that the registers were read at, unix seconds. */
  boundary: bigint;
  /** Grows with every message of the meter, readings and profiles alike. */
  sequence: bigint;
  /** The two cumulative registers; neither ever decreases. */
  import: WhSum;
  export: WhSum;
  /** A sum of the oracle's METER_FLAG constants. */
  flags: number;
}>;

/** The bytes that the meter's device key signs, for a meter of the table with this {@link meterBinding}. */
export function readingMessage(binding: ReadonlyUint8Array, reading: Reading): ReadonlyUint8Array {
  checkBinding(binding);
  return encoder.encode({ ...reading, binding, domain: DOMAIN, version: METER_MESSAGE_VERSION });
}

/** A reading with its signature, as `submitReadings` takes it. */
export async function signReading(
  device: Device,
  binding: ReadonlyUint8Array,
  reading: Reading,
): Promise<SignedReadingArgs> {
  const signature = await deviceSignature(device, readingMessage(binding, reading));
  return { ...reading, signature };
}
