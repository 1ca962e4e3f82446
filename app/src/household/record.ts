// The record of an identity check stays with whoever made it; the registry has its SHA-256. Files are hashed here, and go nowhere.

import type { ReadonlyUint8Array } from "@solana/kit";

export async function hashOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
}

export function hex(bytes: ReadonlyUint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** In an application that names no record. */
export const NO_RECORD = new Uint8Array(32);

/** An application names no record. */
export function isNone(hash: ReadonlyUint8Array): boolean {
  return hash.every((byte) => byte === 0);
}
