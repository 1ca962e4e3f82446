import {
  assertAccountExists,
  fetchEncodedAccount,
  type Address,
  type Rpc,
  type SolanaRpcApi,
  type TransactionSigner,
} from "@solana/kit";
import {
  getWindowTableDecoder,
  market,
  orderLock,
  registry,
  tickAtOrBelow,
  windowAccount,
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
  const slot = await windowAccount(marketAddress, parameters, start);
  if (!slot) throw new Error(`windows start every ${parameters.windowSeconds} s`);

  const account = await fetchEncodedAccount(rpc, slot.address);
  assertAccountExists(account);
  const window = getWindowTableDecoder().decode(account.data).header;
  if (window.start !== start || window.phase !== market.Phase.Open)
    throw new Error("not open for orders");

  const tick = tickAtOrBelow(window, limit);
  if (tick === undefined) throw new Error("the limit is below the lowest price");
  const order = { side: market.Side.Buy, tick, quantity, node: 0 };

  const { community } = parameters;
  const [participant] = await registry.findParticipantPda({ community, wallet: trader.address });
  const [ledger] = await market.findLedgerPda({ market: marketAddress });
  const instruction = market.getPlaceOrdersInstruction({
    trader,
    community,
    participant,
    ledger,
    window: slot.address,
    start,
    orders: [order],
  });
  return { instruction, locks: orderLock(window, order) };
}
