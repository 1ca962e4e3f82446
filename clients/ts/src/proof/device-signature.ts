// Whether a device has signed a message.

import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import type { ReadonlyUint8Array } from "@solana/kit";

import { KeyKind, type Meter } from "../generated/oracle/index.js";
import { p256Device } from "../secp256r1.js";

/** A message with its signature. `publicKey` is a compressed one of P-256; one of Ed25519 has the meter's row alone. */
export type SignedMessage = Readonly<{
  message: ReadonlyUint8Array;
  signature: ReadonlyUint8Array;
  publicKey?: ReadonlyUint8Array;
}>;

/** Whether the device of this meter has signed it. */
export function isSignedByDevice(
  { message, signature, publicKey }: SignedMessage,
  meter: Pick<Meter, "device" | "keyKind">,
): boolean {
  if (!publicKey)
    return meter.keyKind === KeyKind.Ed25519 && isSignedByEd25519(signature, message, meter.device);
  return isKeyOf(publicKey, meter) && isSignedByP256(signature, message, publicKey);
}

/** As the program has it: no point of small order, no number in another form than its shortest. */
export function isSignedByEd25519(
  signature: ReadonlyUint8Array,
  message: ReadonlyUint8Array,
  publicKey: ReadonlyUint8Array,
): boolean {
  return holds(() =>
    ed25519.verify(plain(signature), plain(message), plain(publicKey), { zip215: false }),
  );
}

function isSignedByP256(
  signature: ReadonlyUint8Array,
  message: ReadonlyUint8Array,
  publicKey: ReadonlyUint8Array,
): boolean {
  return holds(() =>
    p256.verify(plain(signature), plain(message), plain(publicKey), { lowS: false }),
  );
}

function isKeyOf(publicKey: ReadonlyUint8Array, meter: Pick<Meter, "device" | "keyKind">): boolean {
  const [parity] = publicKey;
  if (parity !== 2 && parity !== 3) return false;
  const { device, keyKind } = p256Device(publicKey);
  return meter.keyKind === keyKind && device.every((byte, at) => byte === meter.device[at]);
}

/** Bytes that are no signature or no key are refused with an error; here that is a no. */
function holds(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}

const plain = (bytes: ReadonlyUint8Array) => Uint8Array.from(bytes);
