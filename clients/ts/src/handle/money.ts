// A seat: opened, its money moved, its delegate named. Each is signed once: see `sendInstructions`.

import type { Address } from "@solana/kit";

import { tokens } from "../amounts.js";
import type { SendOptions } from "../connection/connection.js";
import type { Receipt } from "../connection/receipt.js";
import { sendInstructions } from "../connection/send.js";
import { EmptyWalletError } from "../errors.js";
import {
  deposit as depositInstruction,
  openSeat as openSeatInstruction,
  setDelegate as setDelegateInstruction,
  withdraw as withdrawInstruction,
} from "../instructions/seats.js";
import { priceOf, type PriceEntry } from "../order-entry.js";
import { associatedTokenAccount, createAssociatedTokenAccount, tokenAmount } from "../token.js";
import { toMilliAtoms, type Atoms } from "../units.js";
import { fetchAccounts } from "./accounts.js";
import type { MarketHandle } from "./handle.js";
import { readSeatNumber } from "./participant.js";

/** Tokens as text, such as "25.5"; or atoms. */
export type TokensEntry = string | Atoms;

/** Opens the seat of the trader, who was approved as a participant. */
export async function openSeat(market: MarketHandle, options: SendOptions = {}): Promise<Receipt> {
  const instruction = await openSeatInstruction(market.addresses, market.trader);
  return sendInstructions(market.connection, [instruction], options);
}

/**
 * Moves tokens from the trader's associated token account, or from `source`, to the owner's seat. Throws an EmptyWalletError if
 * there are fewer.
 */
export async function deposit(
  market: MarketHandle,
  amount: TokensEntry,
  options: SendOptions & { source?: Address } = {},
): Promise<Receipt> {
  const { addresses, connection, token, trader } = market;
  const moved = atomsOf(market, amount);
  const source = options.source ?? (await associatedTokenAccount(trader.address, token));
  const [account] = await fetchAccounts(connection, [source]);
  const there = account?.exists ? (tokenAmount(account.data) ?? 0n) : 0n;
  if (there < moved) throw new EmptyWalletError(trader.address, "tokens");
  const seat = await readSeatNumber(market);
  const instruction = depositInstruction(addresses, trader, source, seat, moved);
  return sendInstructions(connection, [instruction], options);
}

/** Moves free money of the trader's own seat to its associated token account, which is made if it is missing, or to `destination`. */
export async function withdraw(
  market: MarketHandle,
  amount: TokensEntry,
  options: SendOptions & { destination?: Address } = {},
): Promise<Receipt> {
  const { addresses, connection, token, trader } = market;
  const own = await associatedTokenAccount(trader.address, token);
  const destination = options.destination ?? own;
  const [account] = await fetchAccounts(connection, [destination]);
  const isMissing = destination === own && !account?.exists;
  const seat = await readSeatNumber(market);
  return sendInstructions(
    connection,
    [
      ...(isMissing
        ? [await createAssociatedTokenAccount(connection.payer, trader.address, token)]
        : []),
      withdrawInstruction(addresses, trader, destination, seat, atomsOf(market, amount)),
    ],
    options,
  );
}

/** How far a delegate's orders may go; where no price is said, as far as they are no worse than the supplier's. */
export type DelegateBoundsEntry = Readonly<{
  /** What they may lock in a day of UTC. */
  dailyLimit: TokensEntry;
  /** The most that a kWh may cost which they buy, fees included. */
  highestBuy?: PriceEntry;
  /** The lowest that they may sell at. */
  lowestSell?: PriceEntry;
}>;

/** Lets `delegate` place and cancel orders for the trader's own seat within these bounds; null lets nobody. */
export async function setDelegate(
  market: MarketHandle,
  delegate: Address | null,
  bounds: DelegateBoundsEntry = { dailyLimit: "0" },
  options: SendOptions = {},
): Promise<Receipt> {
  const { addresses, connection, trader } = market;
  const { dailyLimit, highestBuy, lowestSell } = bounds;
  const price = (entry?: PriceEntry) =>
    entry === undefined ? undefined : priceOf(market.token, entry);
  const seat = await readSeatNumber(market);
  const instruction = setDelegateInstruction(addresses, trader, seat, delegate, {
    dailyLimit: toMilliAtoms(atomsOf(market, dailyLimit)),
    highestBuy: price(highestBuy),
    lowestSell: price(lowestSell),
  });
  return sendInstructions(connection, [instruction], options);
}

export function atomsOf({ token }: MarketHandle, amount: TokensEntry): Atoms {
  return typeof amount === "string" ? tokens(token, amount) : amount;
}
