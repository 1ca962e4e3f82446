// Accounts as a chain has them, or an error that says why they can't be read.

import {
  fetchEncodedAccount,
  fetchEncodedAccounts,
  type Address,
  type Decoder,
  type MaybeEncodedAccount,
} from "@solana/kit";

import type { Connection } from "../connection/connection.js";
import { MissingAccountError, WrongLayoutError } from "../errors.js";

/** What an account must be. */
export type AccountKind<Data> = Readonly<{
  /** As it is called in errors. */
  kind: string;
  program: Address;
  decoder: Decoder<Data>;
  /** The version in its header. */
  version: (data: Data) => number;
}>;

/** The version of all layouts that this package reads. */
const VERSION = 1;
/** The most accounts that a node gives at once. */
const MAX_ACCOUNTS = 100;

/** Throws a MissingAccountError or a WrongLayoutError. */
export async function readAccount<Data>(
  { rpc, commitment }: Connection,
  address: Address,
  kind: AccountKind<Data>,
): Promise<Data> {
  return decodeAccount(await fetchEncodedAccount(rpc, address, { commitment }), kind);
}

/** As many accounts as asked for, those of one call as they are at one moment. */
export async function fetchAccounts(
  { rpc, commitment }: Connection,
  addresses: readonly Address[],
): Promise<MaybeEncodedAccount[]> {
  const calls = [];
  for (let at = 0; at < addresses.length; at += MAX_ACCOUNTS)
    calls.push(fetchEncodedAccounts(rpc, addresses.slice(at, at + MAX_ACCOUNTS), { commitment }));
  return (await Promise.all(calls)).flat();
}

export function decodeAccount<Data>(account: MaybeEncodedAccount, of: AccountKind<Data>): Data {
  const { kind, program, decoder } = of;
  const { address } = account;
  if (!account.exists) throw new MissingAccountError(kind, address);
  if (account.programAddress !== program)
    throw new WrongLayoutError(
      kind,
      address,
      `it belongs to the program ${account.programAddress}`,
    );
  let data: Data;
  try {
    data = decoder.decode(account.data);
  } catch (cause) {
    throw new WrongLayoutError(kind, address, (cause as Error).message, { cause });
  }
  const version = of.version(data);
  if (version !== VERSION)
    throw new WrongLayoutError(
      kind,
      address,
      `its version is ${version}, and this package reads ${VERSION}`,
    );
  return data;
}
