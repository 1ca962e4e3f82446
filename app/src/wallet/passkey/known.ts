// Which passkey was used last in this browser.

import { getBase64Decoder, getBase64Encoder, isAddress, type Address } from "@solana/kit";

export type Known = Readonly<{ id: Uint8Array<ArrayBuffer>; address: Address }>;

const STORED = "joulebook.passkey";

export function readKnown(): Known | undefined {
  try {
    const read = JSON.parse(localStorage.getItem(STORED) ?? "null") as Record<string, unknown>;
    const { id, address } = read ?? {};
    if (typeof id === "string" && typeof address === "string" && isAddress(address))
      return { id: new Uint8Array(getBase64Encoder().encode(id)), address };
  } catch {
    // Nothing that this page has written.
  }
  return undefined;
}

export function writeKnown({ id, address }: Known) {
  try {
    localStorage.setItem(STORED, JSON.stringify({ id: getBase64Decoder().decode(id), address }));
  } catch {
    // It is looked for anew the next time.
  }
}
