// Client ids, by which orders are known again.

import type { OrderToPlace } from "../instructions/orders.js";
import { UnitError } from "../units.js";
import type { OwnOrder } from "./windows.js";

const MAX_CLIENT_ID = 0xffff;

/**
 * The orders with a client id each: their own, or one that neither they nor the seat's orders in the window have. Throws a
 * UnitError for what is no client id, and if two are the same.
 */
export function withClientIds(
  orders: readonly OrderToPlace[],
  own: readonly OwnOrder[],
): (OrderToPlace & Readonly<{ clientId: number }>)[] {
  const chosen = orders.map(({ clientId = 0 }) => clientId).filter((clientId) => clientId !== 0);
  for (const clientId of chosen)
    if (!Number.isInteger(clientId) || clientId < 0 || clientId > MAX_CLIENT_ID)
      throw new UnitError(
        `a client id is a whole number from 1 to ${MAX_CLIENT_ID}, not ${clientId}`,
      );
  if (new Set(chosen).size < chosen.length)
    throw new UnitError("two orders have the same client id; give each its own, or none");
  const used = new Set([...chosen, ...own.map(({ clientId }) => clientId)]);
  return orders.map((order) => {
    if (order.clientId) return { ...order, clientId: order.clientId };
    const clientId = freeClientId(used);
    used.add(clientId);
    return { ...order, clientId };
  });
}

/** At random, so that two programs of one owner hardly choose the same. */
function freeClientId(used: ReadonlySet<number>): number {
  for (;;) {
    const [clientId] = crypto.getRandomValues(new Uint16Array(1));
    if (clientId && !used.has(clientId)) return clientId;
  }
}
