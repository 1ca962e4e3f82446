// A device's public key as people write it: 32 bytes in base58 of Ed25519, 33 bytes in hexadecimal of P-256, compressed.

import { oracle } from "@joulebook/client";
import {
  getBase16Encoder,
  getBase58Decoder,
  getBase58Encoder,
  isAddress,
  type ReadonlyUint8Array,
} from "@solana/kit";

export type DeviceKey = Readonly<{ device: ReadonlyUint8Array; keyKind: number }>;

const { Ed25519, P256Even, P256Odd } = oracle.KeyKind;

/** Undefined for what is no key. */
export function deviceKeyOf(text: string): DeviceKey | undefined {
  const trimmed = text.trim();
  if (isAddress(trimmed)) return { device: getBase58Encoder().encode(trimmed), keyKind: Ed25519 };
  if (!/^0[23][0-9a-f]{64}$/i.test(trimmed)) return undefined;
  const device = getBase16Encoder().encode(trimmed.slice(2).toLowerCase());
  return { device, keyKind: trimmed[1] === "2" ? P256Even : P256Odd };
}

/** In the form that it was entered in, to be compared with the device's own papers. */
export function deviceKeyText({ device, keyKind }: DeviceKey): string {
  if (keyKind === Ed25519) return getBase58Decoder().decode(device);
  const digits = Array.from(device, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${keyKind === P256Even ? "02" : "03"}${digits}`;
}
