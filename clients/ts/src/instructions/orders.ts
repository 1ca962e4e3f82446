// Who sends them: participants and their delegates.

import type { Address, TransactionSigner } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import {
  getCancelOrdersInstruction,
  getPlaceOrdersInstruction,
  type OrderRefArgs,
  type Side,
} from "../generated/market/index.js";
import type { Tick, Wh } from "../units.js";

/** An order to place. */
export type OrderToPlace = Readonly<{
  side: Side;
  /** The highest price to pay, the lowest to take. */
  tick: Tick;
  quantity: Wh;
  /** 16 bits, free to choose, 0 if left out: it comes back in the order and in events. */
  clientId?: number;
}>;

/**
 * Places orders of the seat of wallet `owner` in the window that starts at `start`, unix seconds, signed by `trader`:
 * the owner or its delegate.
 */
export async function placeOrders(
  addresses: Addresses,
  trader: TransactionSigner,
  owner: Address,
  start: bigint,
  orders: readonly OrderToPlace[],
) {
  const [participant, book] = await Promise.all([
    addresses.participant(owner),
    addresses.book(start),
  ]);
  const { community, ledger } = addresses;
  return getPlaceOrdersInstruction({
    ...{ trader, community, participant, ledger, book, start },
    orders: orders.map((order) => ({ clientId: 0, ...order, node: 0, reserved: 0 })),
  });
}

/** Takes orders back. An order is known by its place in the book and how often that was used before. */
export async function cancelOrders(
  addresses: Addresses,
  trader: TransactionSigner,
  seat: number,
  start: bigint,
  orders: OrderRefArgs[],
) {
  const book = await addresses.book(start);
  return getCancelOrdersInstruction({
    ...{ trader, ledger: addresses.ledger, book },
    ...{ start, seat, orders },
  });
}
