// Who sends them: participants, for their seats.

import type { Address, TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import {
  getDepositInstruction,
  getOpenSeatInstruction,
  getPayClaimsInstruction,
  getSetDelegateInstruction,
  getWithdrawInstruction,
} from "../generated/market/index.js";
import { price, type Atoms, type MilliAtoms, type Price } from "../units.js";

export async function openSeat(addresses: Addresses, owner: TransactionSigner) {
  const participant = await addresses.participant(owner.address);
  const { market, ledger } = addresses;
  return getOpenSeatInstruction({ owner, market, participant, ledger });
}

/**
 * Moves tokens from the depositor's token account `source` to any seat. For one that has a claim on one supplier and owes the
 * other, it needs up to 700,000 compute units in the largest ledger; so does {@link withdraw}.
 */
export function deposit(
  addresses: Addresses,
  depositor: TransactionSigner,
  source: Address,
  seat: number,
  amount: Atoms,
) {
  const { market, ledger, vault, quoteMint, tokenProgram } = addresses;
  return getDepositInstruction({
    ...{ depositor, market, ledger, source, vault, quoteMint, tokenProgram },
    ...{ seat, amount },
  });
}

/** Moves tokens from the owner's seat to the token account `destination`. */
export function withdraw(
  addresses: Addresses,
  owner: TransactionSigner,
  destination: Address,
  seat: number,
  amount: Atoms,
) {
  const { market, ledger, vault, quoteMint, tokenProgram } = addresses;
  return getWithdrawInstruction({
    ...{ owner, market, ledger, vault, destination, quoteMint, tokenProgram },
    ...{ seat, amount },
  });
}

/** How far a delegate's orders may go. */
export type DelegateBounds = Readonly<{
  /** What they may lock in a day of UTC. */
  dailyLimit: MilliAtoms;
  /** The most that a kWh may cost which they buy, fees included; never more than the supplier asks, which is all if left out. */
  highestBuy?: Price | undefined;
  /** The lowest that they may sell at; never less than the supplier pays, which is all if left out. */
  lowestSell?: Price | undefined;
}>;

const LOWEST_PRICE = price(-(2 ** 31));
const HIGHEST_PRICE = price(2 ** 31 - 1);

/** Names who may place and cancel orders for the seat beside its owner, null for nobody, and how far its orders may go. */
export function setDelegate(
  addresses: Addresses,
  owner: TransactionSigner,
  seat: number,
  delegate: Address | null,
  bounds: DelegateBounds,
) {
  const { ledger } = addresses;
  const { dailyLimit, highestBuy = HIGHEST_PRICE, lowestSell = LOWEST_PRICE } = bounds;
  return getSetDelegateInstruction({
    ...{ owner, ledger, seat, delegate },
    bounds: { dailyLimit, highestBuy, lowestSell },
  });
}

/** Pays what the supplier owes others, from what it has. To be sent behind a deposit to its seat. */
export function payClaims(addresses: Addresses) {
  const { market, ledger } = addresses;
  return getPayClaimsInstruction({ market, ledger });
}
