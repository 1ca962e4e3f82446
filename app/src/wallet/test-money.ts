// Lamports and tokens out of nothing, on a local node.

import {
  associatedTokenAccount,
  connectionOf,
  createAssociatedTokenAccount,
  sendInstructions,
  type MarketHandle,
} from "@joulebook/client";
import {
  address,
  createKeyPairSignerFromBytes,
  lamports,
  type Address,
  type TransactionSigner,
} from "@solana/kit";
import { getMintToInstruction } from "@solana-program/token";

/** Two SOL: enough for every fee and rent of a household. */
const LAMPORTS = 2_000_000_000n;
/** Tokens. */
const TOKENS = 50n;

/** What a wallet pays fees with. */
export async function airdrop(market: MarketHandle, to: Address) {
  const rpc = market.connection.rpc as unknown as {
    requestAirdrop(to: Address, amount: bigint): { send(): Promise<string> };
  };
  await rpc.requestAirdrop(to, lamports(LAMPORTS)).send();
  await until(async () => {
    const { value } = await market.connection.rpc
      .getBalance(to, { commitment: "confirmed" })
      .send();
    return value > 0n;
  });
}

/** Tokens for `owner`, made by the sandbox's mint authority, which pays as well. */
export async function mintTokens(
  market: MarketHandle,
  authority: readonly number[],
  owner: Address,
) {
  const minter: TransactionSigner = await createKeyPairSignerFromBytes(new Uint8Array(authority));
  const { token, connection } = market;
  const { value } = await connection.rpc.getBalance(minter.address).send();
  if (value < 10_000_000n) await airdrop(market, minter.address);
  const own = await associatedTokenAccount(owner, token);
  await sendInstructions(connectionOf(connection, minter, connection), [
    await createAssociatedTokenAccount(minter, owner, token),
    getMintToInstruction(
      {
        mint: address(token.mint),
        token: own,
        mintAuthority: minter,
        amount: TOKENS * 10n ** BigInt(token.decimals),
      },
      { programAddress: token.program },
    ),
  ]);
}

async function until(isDone: () => Promise<boolean>) {
  for (let tries = 0; tries < 40; tries++) {
    if (await isDone()) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("the node gives nothing; is it a local one?");
}
