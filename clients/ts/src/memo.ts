// A text that stands in a transaction and does nothing: the memo program of the SPL. Everybody can read it.

import { address, type Instruction } from "@solana/kit";

export const MEMO_PROGRAM = address("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr");

/** Bytes of a memo here: so much has room beside an instruction and its signatures. */
export const MAX_MEMO = 400;

/** Throws a RangeError for a text of more than {@link MAX_MEMO} bytes. */
export function memo(text: string): Instruction {
  const data = new TextEncoder().encode(text);
  if (data.length > MAX_MEMO)
    throw new RangeError(`a memo has at most ${MAX_MEMO} bytes, and this one ${data.length}`);
  return { programAddress: MEMO_PROGRAM, accounts: [], data };
}
