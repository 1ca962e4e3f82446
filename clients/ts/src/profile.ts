// Load profiles as a meter signs them and a gateway sends them. Layout: docs/message-format.md.

import type { ReadonlyUint8Array } from "@solana/kit";

import { checkBinding } from "./binding.js";
import { deviceSignature, type Device } from "./device.js";
import {
  getProfileMessageEncoder,
  PROFILE_MESSAGE_VERSION,
  type SignedProfileArgs,
} from "./generated/oracle/index.js";
import type { Reading } from "./reading.js";
import { UnitError, wh, type Wh } from "./units.js";

const encoder = getProfileMessageEncoder();
const DOMAIN = new TextEncoder().encode("JBPROF\0\0");
const RESERVED = new Uint8Array(6);

/** The most that an interval of a page holds each way, Wh. */
const MAX_ENERGY = 2 ** 30 - 1;

// Of an interval, beneath its first energy.
const KINDS = 4;
const IMPORT = 0;
const EXPORT = 1;
const BOTH = 2;

/** Of a number's fifth byte: five hold any energy with its kind. */
const MAX_WEIGHT = 0x80 ** 4;

/** What one meter moved in one interval. */
export type Energy = Readonly<{ import: Wh; export: Wh }>;

/** Consecutive intervals of one meter. Boundary and registers are those at the end of the last one. */
export type Profile = Reading & Readonly<{ values: readonly Energy[] }>;

/** Energies as they stand behind a profile's head, and are signed with it. */
export function packValues(values: readonly Energy[]): ReadonlyUint8Array {
  return new Uint8Array(values.flatMap(packValue));
}

/**
 * The other way round: so many energies. Undefined for bytes that hold more or fewer, or hold them otherwise than
 * {@link packValues} does: what a device has signed is read one way, or not at all.
 */
export function unpackValues(packed: ReadonlyUint8Array, count: number): Energy[] | undefined {
  const values: Energy[] = [];
  let at = 0;
  const number = () => {
    let sum = 0;
    for (let weight = 1; at < packed.length && weight <= MAX_WEIGHT; weight *= 0x80) {
      const byte = packed[at++]!;
      sum += (byte % 0x80) * weight;
      if (byte < 0x80) return sum;
    }
    return undefined;
  };
  while (values.length < count) {
    const first = number();
    if (first === undefined) return undefined;
    const energy = Math.floor(first / KINDS);
    const other = first % KINDS === BOTH ? number() : 0;
    if (other === undefined || energy > MAX_ENERGY || other > MAX_ENERGY) return undefined;
    const [drawn, fedIn] = first % KINDS === EXPORT ? [other, energy] : [energy, other];
    values.push({ import: wh(drawn), export: wh(fedIn) });
  }
  const again = packValues(values);
  const isSame = again.length === packed.length && again.every((byte, at) => byte === packed[at]);
  return isSame ? values : undefined;
}

/** The bytes that the meter's device key signs, for a meter of the table with this {@link meterBinding}. */
export function profileMessage(binding: ReadonlyUint8Array, profile: Profile): ReadonlyUint8Array {
  return messageOf(binding, profile, packValues(profile.values));
}

/** A profile with its signature, as `submitProfiles` takes it. Of a key of P-256 see {@link P256Signed}. */
export async function signProfile(
  device: Device,
  binding: ReadonlyUint8Array,
  profile: Profile,
): Promise<SignedProfileArgs> {
  const values = packValues(profile.values);
  const signature = await deviceSignature(device, messageOf(binding, profile, values));
  return { ...profile, intervals: profile.values.length, values, signature };
}

function messageOf(
  binding: ReadonlyUint8Array,
  profile: Profile,
  packed: ReadonlyUint8Array,
): ReadonlyUint8Array {
  checkBinding(binding);
  const head = encoder.encode({
    ...profile,
    binding,
    domain: DOMAIN,
    version: PROFILE_MESSAGE_VERSION,
    intervals: profile.values.length,
    reserved: RESERVED,
  });
  return new Uint8Array([...head, ...packed]);
}

function packValue(value: Energy): number[] {
  const [drawn, fedIn] = [value.import, value.export];
  for (const energy of [drawn, fedIn]) {
    if (Number.isInteger(energy) && energy >= 0 && energy <= MAX_ENERGY) continue;
    throw new UnitError(
      `an interval's energy must be a whole number of Wh from 0 to ${MAX_ENERGY}, not ${energy}`,
    );
  }
  if (fedIn === 0) return leb128(drawn * KINDS + IMPORT);
  if (drawn === 0) return leb128(fedIn * KINDS + EXPORT);
  return [...leb128(drawn * KINDS + BOTH), ...leb128(fedIn)];
}

/** Unsigned; seven bits a byte, the lowest first. No shifts: they cut at 31 bits and a sign. */
function leb128(number: number): number[] {
  const bytes = [];
  let rest = number;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) + 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}
