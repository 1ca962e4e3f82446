// What the Rust client's tests have written down, and values in the shape it has there.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import {
  getBase16Codec,
  getBase64Codec,
  type ReadonlyUint8Array,
  type Rpc,
  type SolanaRpcApi,
} from "@solana/kit";

import { market } from "../src/index.js";

const hex = getBase16Codec();

/** JSON at a path from here. */
export const fixtureOf = (path: string): any =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));

export const fixture = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), "utf8"));

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

/** An RPC that knows these accounts. */
export function rpcOf(accounts: Record<string, ReadonlyUint8Array>) {
  const getAccountInfo = (at: string) => ({
    send: async () => {
      const data = accounts[at];
      const value = data && {
        data: [getBase64Codec().decode(data), "base64"],
        executable: false,
        lamports: 1n,
        owner: market.MARKET_PROGRAM_ADDRESS,
        space: BigInt(data.length),
      };
      return { value: value ?? null };
    },
  });
  return { getAccountInfo } as unknown as Rpc<SolanaRpcApi>;
}
