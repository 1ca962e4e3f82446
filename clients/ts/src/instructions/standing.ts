// Who sends them: participants and their delegates; anybody applies and reviews; the authority creates and closes.

import type { Address, TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import {
  getApplyStandingOrdersInstruction,
  getCloseStandingOrdersInstruction,
  getCreateStandingOrdersInstruction,
  getReviewParticipantInstruction,
  getSetStandingOrdersInstruction,
} from "../generated/market/index.js";
import { standingRule, type Rule } from "../standing.js";
import type { NumberRange } from "./pages.js";

/** What is to stand in one of a seat's places, 0 to 7; null for nothing. */
export type StandingOrderToSet = Readonly<{ place: number; rule: Rule | null }>;

/** Creates the account of standing orders, which grows with growTable until it has room for all seats. */
export function createStandingOrders(addresses: Addresses, authority: TransactionSigner) {
  const { community, market, standingOrders } = addresses;
  return getCreateStandingOrdersInstruction({ authority, community, market, standingOrders });
}

/** Closes it, once no book and no page is left. */
export function closeStandingOrders(addresses: Addresses, authority: TransactionSigner) {
  const { community, market, standingOrders } = addresses;
  return getCloseStandingOrdersInstruction({ authority, community, market, standingOrders });
}

/**
 * Enters standing orders of the seat of wallet `owner`, or takes them away, signed by `trader`: the owner or its delegate.
 * Up to five rules fit a transaction.
 */
export async function setStandingOrders(
  addresses: Addresses,
  trader: TransactionSigner,
  owner: Address,
  orders: readonly StandingOrderToSet[],
) {
  const participant = await addresses.participant(owner);
  const { community, ledger, market, standingOrders } = addresses;
  return getSetStandingOrdersInstruction({
    ...{ trader, community, participant, ledger, market, standingOrders },
    entries: orders.map(({ place, rule }) => ({ place, rule: rule && standingRule(rule) })),
  });
}

/** Has standing orders know what the registry says of whoever owns `wallet`: to be sent behind a change of that. */
export async function reviewParticipant(addresses: Addresses, wallet: Address) {
  const participant = await addresses.participant(wallet);
  const { market, standingOrders } = addresses;
  return getReviewParticipantInstruction({ participant, market, standingOrders });
}

/**
 * Places what standing orders of these seats ask for in the window that starts at `start`, unix seconds; at most the market's
 * MAX_SETTLED seats. `earlier` is that time a day or a week before, whose page of intervals is passed: shares of what meters
 * moved on the other day wait for a call with that.
 */
export async function applyStandingOrders(
  addresses: Addresses,
  start: bigint,
  seats: NumberRange,
  earlier: bigint,
) {
  const [book, earlierPage] = await Promise.all([
    addresses.book(start),
    addresses.intervalPage(earlier),
  ]);
  const { community, market, ledger, standingOrders, meterTable } = addresses;
  return getApplyStandingOrdersInstruction({
    ...{ community, market, ledger, book, standingOrders, meterTable, earlierPage },
    ...{ start, firstSeat: seats.first, seats: seats.count },
  });
}
