// What the Rust client's tests have written down, and values in the shape it has there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { getBase16Codec, type ReadonlyUint8Array } from "@solana/kit";

const hex = getBase16Codec();

// Compiled tests lie in dist/test.
export const fixture = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${name}`, import.meta.url), "utf8"));

export const bytes = (text: string): ReadonlyUint8Array => hex.encode(text);

/** Numbers of 64 bits are strings in the files, bytes are hex; no fixture tells of reserved bytes. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return hex.decode(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([name]) => name !== "reserved");
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]));
}

export function assertIsFixture(found: unknown, expected: unknown) {
  assert.deepEqual(plain(found), expected);
}
