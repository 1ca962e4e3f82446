// Nonce accounts: a transaction that names the value of one in a blockhash's place does not expire. They are at addresses that follow
// from a wallet and a number, the same as those of `joulebook admin nonces`, so that they are found again.

import {
  createAddressWithSeed,
  fetchEncodedAccounts,
  type Address,
  type Instruction,
  type MaybeEncodedAccount,
  type Nonce as NonceValue,
  type TransactionSigner,
} from "@solana/kit";
import {
  getAllocateWithSeedInstruction,
  getInitializeNonceAccountInstruction,
  getNonceDecoder,
  getNonceSize,
  getTransferSolInstruction,
  getWithdrawNonceAccountInstruction,
  NonceState,
  NonceVersion,
  SYSTEM_PROGRAM_ADDRESS,
} from "@solana-program/system";

import type { Connection } from "./connection.js";

/** Nonce accounts of a wallet, and so transactions that wait for another's signature at the same time. */
export const MAX_NONCES = 16;

/** A nonce account, and the value that the next transaction with it must name. */
export type DurableNonce = Readonly<{ account: Address; authority: Address; value: NonceValue }>;

/** One of a wallet's own. */
export type OwnNonce = DurableNonce &
  Readonly<{
    number: number;
    /** What closing it gives back. */
    lamports: bigint;
  }>;

/** Undefined where there is none, or one that nobody has initialized. */
export async function readNonce(
  connection: Connection,
  account: Address,
): Promise<DurableNonce | undefined> {
  const [found] = await read(connection, [account]);
  return nonceIn(found!);
}

/** Those of a wallet that exist. */
export async function readNonces(connection: Connection, wallet: Address): Promise<OwnNonce[]> {
  const accounts = await read(connection, await addressesOf(wallet));
  return accounts.flatMap((account, number) => {
    const nonce = nonceIn(account);
    return nonce && account.exists ? [{ ...nonce, number, lamports: account.lamports }] : [];
  });
}

/** What makes the wallet's next one; undefined if it has as many as there can be. The rent comes back when it is closed. */
export async function makeNonce(
  connection: Connection,
  wallet: TransactionSigner,
): Promise<Readonly<{ account: Address; instructions: readonly Instruction[] }> | undefined> {
  const addresses = await addressesOf(wallet.address);
  const accounts = await read(connection, addresses);
  // Lamports that somebody sent to the address make no account of it.
  const number = accounts.findIndex(
    (found) =>
      !found.exists || (found.data.length === 0 && found.programAddress === SYSTEM_PROGRAM_ADDRESS),
  );
  const account = addresses[number];
  if (account === undefined) return undefined;
  const space = BigInt(getNonceSize());
  const rent = await connection.rpc.getMinimumBalanceForRentExemption(space).send();
  const found = accounts[number]!;
  const missing = rent - (found.exists ? found.lamports : 0n);
  const instructions = [
    ...(missing > 0n
      ? [getTransferSolInstruction({ source: wallet, destination: account, amount: missing })]
      : []),
    // To create it would be refused where lamports are.
    getAllocateWithSeedInstruction({
      ...{ newAccount: account, baseAccount: wallet, base: wallet.address, space },
      ...{ seed: seedOf(number), programAddress: SYSTEM_PROGRAM_ADDRESS },
    }),
    getInitializeNonceAccountInstruction({
      ...{ nonceAccount: account, nonceAuthority: wallet.address },
    }),
  ];
  return { account, instructions };
}

/** Closes one, which takes back the transaction that names its value; its lamports go to the wallet. */
export function closeNonce(wallet: TransactionSigner, nonce: OwnNonce): Instruction {
  return getWithdrawNonceAccountInstruction({
    ...{ nonceAccount: nonce.account, recipientAccount: wallet.address },
    ...{ nonceAuthority: wallet, withdrawAmount: nonce.lamports },
  });
}

const seedOf = (number: number) => `joulebook ${number}`;

function addressesOf(wallet: Address): Promise<Address[]> {
  const numbers = Array.from({ length: MAX_NONCES }, (_, number) => number);
  return Promise.all(
    numbers.map((number) =>
      createAddressWithSeed({
        ...{ baseAddress: wallet, seed: seedOf(number), programAddress: SYSTEM_PROGRAM_ADDRESS },
      }),
    ),
  );
}

const read = ({ rpc, commitment }: Connection, addresses: Address[]) =>
  fetchEncodedAccounts(rpc, addresses, { commitment });

function nonceIn(account: MaybeEncodedAccount): DurableNonce | undefined {
  if (!account.exists || account.programAddress !== SYSTEM_PROGRAM_ADDRESS) return undefined;
  if (account.data.length !== getNonceSize()) return undefined;
  const { version, state, authority, blockhash } = getNonceDecoder().decode(account.data);
  if (version !== NonceVersion.Current || state !== NonceState.Initialized) return undefined;
  return { account: account.address, authority, value: blockhash as string as NonceValue };
}
