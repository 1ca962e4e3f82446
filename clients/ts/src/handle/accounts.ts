// Accounts as a chain has them, or an error that says why they can't be read.

import {
  fetchEncodedAccount,
  fetchEncodedAccounts,
  isSolanaError,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED,
  type Address,
  type Decoder,
  type MaybeEncodedAccount,
} from "@solana/kit";

import type { Connection } from "../connection/connection.js";
import { MissingAccountError, WrongLayoutError } from "../errors.js";
import { pause } from "../pause.js";

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

/**
 * As many accounts as asked for, those of one call as they are at one moment: not before the slot `since`, if there is one. A node
 * that has not come there yet is waited for.
 */
export async function fetchAccounts(
  connection: Connection,
  addresses: readonly Address[],
  since?: bigint,
): Promise<MaybeEncodedAccount[]> {
  const calls = [];
  for (let at = 0; at < addresses.length; at += MAX_ACCOUNTS)
    calls.push(fetchSince(connection, addresses.slice(at, at + MAX_ACCOUNTS), since));
  return (await Promise.all(calls)).flat();
}

async function fetchSince(
  { rpc, commitment, pollMilliseconds, patienceMilliseconds }: Connection,
  addresses: Address[],
  since: bigint | undefined,
): Promise<MaybeEncodedAccount[]> {
  const config = { commitment, ...(since && { minContextSlot: since }) };
  const askedAt = Date.now();
  for (;;) {
    try {
      return await fetchEncodedAccounts(rpc, addresses, config);
    } catch (error) {
      if (!isBehind(error) || Date.now() - askedAt > patienceMilliseconds) throw error;
      await pause(pollMilliseconds);
    }
  }
}

const isBehind = (error: unknown) =>
  isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_MIN_CONTEXT_SLOT_NOT_REACHED);

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
