// The little that this package needs of token programs: where a wallet's tokens are, and how many.

import {
  AccountRole,
  address,
  getAddressEncoder,
  getProgramDerivedAddress,
  type Address,
  type Instruction,
  type ReadonlyUint8Array,
  type TransactionSigner,
} from "@solana/kit";

const ASSOCIATED_TOKEN_PROGRAM = address("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
const SYSTEM_PROGRAM = address("11111111111111111111111111111111");

/** The token that a market's money is in. */
export type Token = Readonly<{ mint: Address; program: Address; decimals: number }>;

// Layout of a mint and of a token account, of both token programs: SPL token, state.rs.
const MINT_DECIMALS_AT = 44;
const MINT_LENGTH = 82;
const AMOUNT_AT = 64;
const ACCOUNT_LENGTH = 165;

/** Undefined for what is no mint. */
export function mintDecimals(data: ReadonlyUint8Array): number | undefined {
  return data.length >= MINT_LENGTH ? data[MINT_DECIMALS_AT] : undefined;
}

/** Atoms in a token account; undefined for what is none. */
export function tokenAmount(data: ReadonlyUint8Array): bigint | undefined {
  if (data.length < ACCOUNT_LENGTH) return undefined;
  return new DataView(new Uint8Array(data).buffer).getBigUint64(AMOUNT_AT, true);
}

/** Where a wallet keeps its tokens, unless it says otherwise. */
export async function associatedTokenAccount(owner: Address, token: Token): Promise<Address> {
  const seeds = [owner, token.program, token.mint].map((it) => getAddressEncoder().encode(it));
  const [found] = await getProgramDerivedAddress({
    programAddress: ASSOCIATED_TOKEN_PROGRAM,
    seeds,
  });
  return found;
}

/** Creates that account, or does nothing where it is. */
export async function createAssociatedTokenAccount(
  payer: TransactionSigner,
  owner: Address,
  token: Token,
): Promise<Instruction> {
  const accounts = [
    { address: payer.address, role: AccountRole.WRITABLE_SIGNER, signer: payer },
    { address: await associatedTokenAccount(owner, token), role: AccountRole.WRITABLE },
    { address: owner, role: AccountRole.READONLY },
    { address: token.mint, role: AccountRole.READONLY },
    { address: SYSTEM_PROGRAM, role: AccountRole.READONLY },
    { address: token.program, role: AccountRole.READONLY },
  ];
  const idempotently = new Uint8Array([1]);
  return { programAddress: ASSOCIATED_TOKEN_PROGRAM, accounts, data: idempotently };
}
