// Load profiles as a meter with a key of P-256 signs them.

import type { ReadonlyUint8Array } from "@solana/kit";

import { profileMessage, type Profile } from "./profile.js";
import { compressedPublicKey, type P256Signed } from "./secp256r1.js";

/** Whatever holds a device's key of P-256: a key pair of WebCrypto, or a compressed public key and a function that signs. */
export type P256Device =
  | CryptoKeyPair
  | Readonly<{
      publicKey: ReadonlyUint8Array;
      /** Gives r and s of the message's signature with SHA-256, 64 bytes, not DER. */
      sign: (message: ReadonlyUint8Array) => ReadonlyUint8Array | Promise<ReadonlyUint8Array>;
    }>;

/** A profile with its signature, as `submitCheckedProfiles` takes it, for a meter of the table with this {@link meterBinding}. */
export async function signP256Profile(
  device: P256Device,
  binding: ReadonlyUint8Array,
  profile: Profile,
): Promise<Readonly<{ profile: Profile; signed: P256Signed }>> {
  const message = profileMessage(binding, profile);
  if ("sign" in device) {
    const { publicKey, sign } = device;
    return { profile, signed: { publicKey, message, signature: await sign(message) } };
  }
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const bytes = new Uint8Array(message);
  const signature = new Uint8Array(await crypto.subtle.sign(algorithm, device.privateKey, bytes));
  const publicKey = await compressedPublicKey(device.publicKey);
  return { profile, signed: { publicKey, message, signature } };
}
