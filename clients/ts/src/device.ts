// What signs for a meter with a key of Ed25519.

import { signBytes, type ReadonlyUint8Array } from "@solana/kit";

/** Whatever holds the device's Ed25519 key: a key pair, or a function that signs a message. */
export type Device =
  | CryptoKeyPair
  | ((message: ReadonlyUint8Array) => ReadonlyUint8Array | Promise<ReadonlyUint8Array>);

export async function deviceSignature(
  device: Device,
  message: ReadonlyUint8Array,
): Promise<ReadonlyUint8Array> {
  const signature =
    typeof device === "function"
      ? await device(message)
      : await signBytes(device.privateKey, message);
  if (signature.length !== 64) {
    throw new TypeError(`an Ed25519 signature has 64 bytes; the device gave ${signature.length}`);
  }
  return signature;
}
