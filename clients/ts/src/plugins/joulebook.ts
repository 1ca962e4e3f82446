// A market in a client of kit.

import {
  extendClient,
  type Address,
  type ClientWithIdentity,
  type ClientWithPayer,
} from "@solana/kit";

import { connectionOf, type Connection, type ConnectionOptions } from "../connection/connection.js";
import { openMarket, type MarketOptions } from "../handle/handle.js";
import { MarketClient } from "../market-client.js";

/** What `joulebook` needs of a client: a chain, and who acts and pays. */
export type JoulebookRequirements = ClientWithIdentity &
  ClientWithPayer &
  Pick<Connection, "rpc" | "rpcSubscriptions"> &
  Readonly<{ connection?: Connection }>;

/**
 * Adds `joulebook`, the market at an address. Throws as {@link openMarket} does. Options of the connection are for a client that
 * has no `connection` of this package.
 */
export function joulebook(
  options: Readonly<{ market: Address }> & Omit<MarketOptions, "trader"> & ConnectionOptions,
) {
  return async <Client extends JoulebookRequirements>(client: Client) => {
    const to = client.connection ?? connectionOf(client, client.payer, options);
    const handle = await openMarket(to, options.market, { ...options, trader: client.identity });
    return extendClient(client, { joulebook: new MarketClient(handle) });
  };
}
