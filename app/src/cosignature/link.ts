// A transaction that lacks a signature, in a link: behind the #, which no server is ever sent.

import {
  getBase64Decoder,
  getBase64Encoder,
  getTransactionDecoder,
  getTransactionEncoder,
  type Transaction,
} from "@solana/kit";

export const SIGN_PATH = "/sign";

/** No transaction is longer, in characters of base64. */
const LONGEST = 2_000;

/** The link, on the page at `origin`. */
export function linkOf(transaction: Transaction, origin: string): string {
  const bytes = getTransactionEncoder().encode(transaction);
  const text = getBase64Decoder().decode(bytes);
  const part = text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `${origin}${SIGN_PATH}#${part}`;
}

/** What stands behind the # of a link, or in a file of `joulebook admin`; undefined if it is no transaction. */
export function transactionIn(text: string): Transaction | undefined {
  const part = text.replace(/^#/, "").trim();
  const base64 = part.startsWith("{") ? ofFile(part) : part;
  if (base64 === undefined || base64.length > LONGEST || base64 === "") return undefined;
  const standard = base64.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  const padded = standard.padEnd(Math.ceil(standard.length / 4) * 4, "=");
  try {
    return getTransactionDecoder().decode(getBase64Encoder().encode(padded));
  } catch {
    // Not all of it was copied, say.
    return undefined;
  }
}

/** `joulebook admin … --file` writes the same transaction into a file of JSON. */
function ofFile(text: string): string | undefined {
  try {
    const { transaction } = JSON.parse(text) as { transaction?: unknown };
    return typeof transaction === "string" ? transaction : undefined;
  } catch {
    return undefined;
  }
}
