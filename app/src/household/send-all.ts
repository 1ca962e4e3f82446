// All of a wallet's money sent to another one: the market's tokens and SOL, in one transaction.

import {
  associatedTokenAccount,
  createAssociatedTokenAccount,
  sendInstructions,
  tokenAmount,
  type MarketHandle,
  type Receipt,
  type SendOptions,
} from "@joulebook/client";
import { fetchEncodedAccount, type Address } from "@solana/kit";
import { getTransferSolInstruction } from "@solana-program/system";
import { getTransferCheckedInstruction } from "@solana-program/token";

/** Lamports that stay: for this fee and later ones, and more than an account needs to be there. */
export const KEPT_LAMPORTS = 1_000_000n;

export async function sendAll(
  market: MarketHandle,
  to: Address,
  options: SendOptions = {},
): Promise<Receipt> {
  const { connection, token, trader } = market;
  const { rpc, commitment } = connection;
  const [own, other] = await Promise.all([
    associatedTokenAccount(trader.address, token),
    associatedTokenAccount(to, token),
  ]);
  const [source, destination, { value: lamports }] = await Promise.all([
    fetchEncodedAccount(rpc, own, { commitment }),
    fetchEncodedAccount(rpc, other, { commitment }),
    rpc.getBalance(trader.address, { commitment }).send(),
  ]);
  const atoms = source.exists ? (tokenAmount(source.data) ?? 0n) : 0n;
  // Whoever sends tokens pays for the account that they come to; it is as large as one's own.
  const rent =
    source.exists && atoms > 0n && !destination.exists
      ? await rpc.getMinimumBalanceForRentExemption(BigInt(source.data.length)).send()
      : 0n;
  const rest = BigInt(lamports) - KEPT_LAMPORTS - BigInt(rent);
  const instructions = [
    ...(atoms > 0n
      ? [
          await createAssociatedTokenAccount(trader, to, token),
          getTransferCheckedInstruction(
            {
              ...{ source: own, mint: token.mint, destination: other, authority: trader },
              ...{ amount: atoms, decimals: token.decimals },
            },
            { programAddress: token.program },
          ),
        ]
      : []),
    ...(rest > 0n
      ? [getTransferSolInstruction({ source: trader, destination: to, amount: rest })]
      : []),
  ];
  return sendInstructions(connection, instructions, options);
}
