// Orders: placed, replaced and cancelled. Whatever happens to a transaction, an order is placed once.

import type { Instruction } from "@solana/kit";

import { buildTransaction } from "../connection/build.js";
import type { SendOptions } from "../connection/connection.js";
import { sendAndConfirm, type PendingTransaction } from "../connection/fate.js";
import { receiptOf, type Receipt } from "../connection/receipt.js";
import { sendInstructions } from "../connection/send.js";
import { ClientIdUsedError, ExpiredError, FateUnknownError, NotOpenError } from "../errors.js";
import {
  cancelOrders as cancelInstruction,
  placeOrders as placeInstruction,
  type OrderToPlace,
} from "../instructions/orders.js";
import { orderLock } from "../lock.js";
import { enteredOrder, type OrderEntry } from "../order-entry.js";
import { priceAt, UnitError, type MilliAtoms, type Price } from "../units.js";
import { withClientIds } from "./client-ids.js";
import { earlierCalls, inTurn, remember, rememberLanded } from "./earlier.js";
import type { MarketHandle } from "./handle.js";
import { readSeatNumber } from "./participant.js";
import { ordersOf, readWindow, type OwnOrder, type DeliveryWindow } from "./windows.js";

/** Of an order in a book: an order is known by its place there, and by how often that was used before. */
export type OrderId = Readonly<{
  /** Start of its window, unix seconds. */
  window: bigint;
  index: number;
  sequence: number;
}>;

/** An order that stands in a book. */
export type PlacedOrder = OrderId &
  OrderToPlace &
  Readonly<{
    clientId: number;
    /** The tick's price: the highest that is paid, the lowest that is taken. */
    limit: Price;
    /** What the order locks until it is allocated or cancelled. */
    locks: MilliAtoms;
  }>;

/** What came of placing orders. */
export type Placement = Readonly<{
  orders: readonly PlacedOrder[];
  /** Of the transaction that placed them; undefined if they stood in the book already. */
  receipt: Receipt | undefined;
}>;

/** What the placing of orders may be given. */
export type PlaceOptions = SendOptions &
  Readonly<{
    /**
     * What an earlier call of the same may have sent, if nobody knows what became of it: `pending` of a FateUnknownError, or what
     * `onSigned` was told before the program was killed. Nothing is signed before that is certain. All orders need the client ids
     * of that call.
     */
    pending?: PendingTransaction | undefined;
  }>;

/** Each is signed anew only once the one before can't land any more, and the book has none of its orders. */
const MAX_SIGNATURES = 3;

/**
 * Places orders of the owner's seat in the window that starts at `start`, unix seconds: all of them, or none.
 *
 * Each has a client id, by which it is known again in the book. One that is left out is chosen so that none of the seat's orders in
 * the window has it. An order that stands with its id is not placed again, and comes back. Throws a ClientIdUsedError if that is
 * another order.
 *
 * A call that did not come back, by a FateUnknownError or the end of the program, may have sent something that lands yet: the book
 * does not show it, and no program compares client ids. Repeat it with client ids of your own and with `pending`, and its orders
 * are placed once. As long as the program runs it remembers what it has given up; once it was started anew, orders may be placed
 * twice without `pending`.
 *
 * Throws a {@link UnitError} for what is no amount or has no tick, a NotOpenError, a {@link RefusedError} with the market's words
 * (`BookFull`, `GateClosed`, `NotEnoughFree`, `NotTrader` …), an EmptyWalletError for fees.
 */
export async function placeOrders(
  market: MarketHandle,
  start: bigint,
  entries: readonly OrderEntry[],
  options: PlaceOptions = {},
): Promise<Placement> {
  return placeOnce(market, start, entries, [], options);
}

/**
 * Takes orders back and places others in one transaction, so that either both happen or nothing does; all of them are in the
 * window that starts at `start`. For the rest as {@link placeOrders}.
 */
export async function replaceOrders(
  market: MarketHandle,
  start: bigint,
  replaced: readonly OrderId[],
  entries: readonly OrderEntry[],
  options: PlaceOptions = {},
): Promise<Placement> {
  return placeOnce(market, start, entries, replaced, options);
}

/** Takes orders back, all of one window, all or none. Throws as {@link placeOrders}: `NoSuchOrder` for what was filled or taken back. */
export async function cancelOrders(
  market: MarketHandle,
  orders: readonly OrderId[],
  options: SendOptions = {},
): Promise<Receipt> {
  const windows = [...new Set(orders.map(({ window }) => window))];
  const [start] = windows;
  if (start === undefined || windows.length > 1)
    throw new RangeError("orders are cancelled window by window; pass those of one");
  const instruction = await cancelling(market, start, orders);
  return sendInstructions(market.connection, [instruction], options);
}

function placeOnce(
  market: MarketHandle,
  start: bigint,
  entries: readonly OrderEntry[],
  replaced: readonly OrderId[],
  options: PlaceOptions,
): Promise<Placement> {
  const identified = entries.filter(({ clientId }) => clientId);
  const place = () => placeInTurn(market, start, entries, replaced, options);
  return inTurn(market, start, identified, place);
}

async function placeInTurn(
  market: MarketHandle,
  start: bigint,
  entries: readonly OrderEntry[],
  replaced: readonly OrderId[],
  options: PlaceOptions,
): Promise<Placement> {
  const { addresses, connection, trader, owner } = market;
  const { pending, abortSignal } = options;
  // It may have waited for its turn.
  abortSignal?.throwIfAborted();
  if (pending && entries.some(({ clientId }) => !clientId))
    throw new UnitError(
      "a call is repeated with `pending` by its client ids; give each order its own",
    );
  const identified = entries.filter(({ clientId }) => clientId);
  const earlier = await earlierCalls(market, start, identified, pending, options);
  const [window, seat] = await Promise.all([
    readWindow(market, start, earlier.since),
    readSeatNumber(market),
  ]);
  const orders = withClientIds(
    entries.map((entry) => enteredOrder(window.book.header, market.token, entry)),
    ordersOf(window, seat),
  );
  // An earlier call's orders may have been taken back since, so that the book has them no more.
  for (const receipt of earlier.landed) {
    const placed = placedBy(receipt, window, orders);
    if (placed) return { receipt, orders: placed };
  }
  const { missing, standing } = compare(window, seat, orders);
  if (missing.length === 0) return { orders: standing, receipt: undefined };
  // Some of a call's orders never stand without the others, so an earlier call had other orders.
  if (standing.length > 0) throw new ClientIdUsedError(standing[0]!.clientId);

  const instructions: Instruction[] = [
    ...(replaced.length > 0 ? [await cancelling(market, start, replaced)] : []),
    await placeInstruction(addresses, trader, owner, start, orders),
  ];
  for (let signatures = 1; ; signatures++) {
    const built = await buildTransaction(connection, instructions, options);
    remember(market, start, orders, built);
    try {
      const slot = await sendAndConfirm(connection, built, options);
      const receipt = await receiptOf(connection, built.signature, slot);
      const placed = placedBy(receipt, window, orders);
      // It has landed: a book that can't be read must not look as if nothing was placed.
      const standing = () =>
        standingOf(market, start, seat, orders, slot).catch((cause: unknown) => {
          throw new FateUnknownError(built, { cause });
        });
      const found = placed ?? (await standing());
      rememberLanded(market, start, orders, slot);
      return { receipt, orders: found };
    } catch (error) {
      if (!(error instanceof ExpiredError)) throw error;
      // The endpoint says that it can't land. The book has the last word, as it is since then.
      const stands = await readWindow(market, start, error.slot).catch((cause: unknown) => {
        throw cause instanceof NotOpenError ? error : new FateUnknownError(built, { cause });
      });
      const now = compare(stands, seat, orders);
      if (now.missing.length === 0) return { orders: now.standing, receipt: undefined };
      if (signatures >= MAX_SIGNATURES) throw error;
    }
  }
}

async function cancelling(market: MarketHandle, start: bigint, orders: readonly OrderId[]) {
  const refs = orders.map(({ index, sequence }) => ({ index, sequence }));
  return cancelInstruction(
    market.addresses,
    market.trader,
    await readSeatNumber(market),
    start,
    refs,
  );
}

/** These orders as the transaction's event has them; undefined if it placed others, or the node does not tell. */
function placedBy(
  { events }: Receipt,
  window: DeliveryWindow,
  orders: readonly OrderToPlace[],
): readonly PlacedOrder[] | undefined {
  const placed = events.flatMap((event) =>
    event.program === "market" &&
    event.kind === "OrdersPlaced" &&
    event.data.window === window.start
      ? event.data.orders
      : [],
  );
  const isAll =
    placed.length === orders.length &&
    placed.every(
      (found, at) => found.clientId === orders[at]!.clientId && isSame(found, orders[at]!),
    );
  return isAll ? placed.map((order) => placedOrder(window, order)) : undefined;
}

async function standingOf(
  market: MarketHandle,
  start: bigint,
  seat: number,
  orders: readonly OrderToPlace[],
  since: bigint,
): Promise<readonly PlacedOrder[]> {
  return compare(await readWindow(market, start, since), seat, orders).standing;
}

/** Which of these orders stand in the book, by their client ids. Throws a ClientIdUsedError if one of them is another order. */
function compare(window: DeliveryWindow, seat: number, orders: readonly OrderToPlace[]) {
  const own = ordersOf(window, seat);
  const standing: PlacedOrder[] = [];
  const missing: OrderToPlace[] = [];
  for (const order of orders) {
    const found = own.find(({ clientId }) => clientId === order.clientId);
    if (!found) missing.push(order);
    else if (isSame(found, order)) standing.push(placedOrder(window, found));
    else throw new ClientIdUsedError(found.clientId);
  }
  return { standing, missing };
}

function isSame(
  found: Pick<OwnOrder, "side" | "tick" | "quantity">,
  { side, tick, quantity }: OrderToPlace,
): boolean {
  return found.side === side && found.tick === tick && found.quantity === quantity;
}

function placedOrder(
  { start, book: { header } }: DeliveryWindow,
  order: OrderToPlace & Readonly<{ index: number; sequence: number }>,
): PlacedOrder {
  const { side, tick, quantity, clientId = 0, index, sequence } = order;
  return {
    ...{ window: start, index, sequence, side, tick, quantity, clientId },
    // It stands, so its tick is on the grid.
    limit: priceAt(header, tick)!,
    locks: orderLock(header, { side, tick, quantity })!,
  };
}
