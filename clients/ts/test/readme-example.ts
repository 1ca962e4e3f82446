import {
  assertAccountExists,
  fetchEncodedAccount,
  type Address,
  type Rpc,
  type SolanaRpcApi,
  type TransactionSigner,
} from "@solana/kit";
import {
  Addresses,
  getBookTableDecoder,
  instructions,
  market,
  orderLock,
  tickAtOrBelow,
  type Price,
  type Wh,
} from "@joulebook/client";

/** The instruction that bids for energy in the window that starts at `start`, and what it locks. */
export async function bid(
  rpc: Rpc<SolanaRpcApi>,
  marketAddress: Address,
  trader: TransactionSigner,
  start: bigint,
  quantity: Wh,
  limit: Price,
) {
  const { data: parameters } = await market.fetchMarket(rpc, marketAddress);
  const addresses = await Addresses.ofMarket(parameters);

  const account = await fetchEncodedAccount(rpc, await addresses.book(start));
  assertAccountExists(account);
  const book = getBookTableDecoder().decode(account.data).header;
  if (book.start !== start || book.phase !== market.Phase.Open)
    throw new Error("not open for orders");

  const tick = tickAtOrBelow(book, limit);
  if (tick === undefined) throw new Error("the limit is below the lowest price");
  const order = { side: market.Side.Buy, tick, quantity, clientId: 1 };

  const instruction = await instructions.placeOrders(addresses, trader, trader.address, start, [
    order,
  ]);
  return { instruction, locks: orderLock(book, order) };
}
