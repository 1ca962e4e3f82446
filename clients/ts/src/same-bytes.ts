import type { ReadonlyUint8Array } from "@solana/kit";

export function sameBytes(one: ReadonlyUint8Array, other: ReadonlyUint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
