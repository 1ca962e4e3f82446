// Orders once, even if this program is killed while it waits, and started again: what was signed is in a file before it is sent.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";

import type { Signature } from "@solana/kit";
import type { MarketClient, PendingTransaction } from "@joulebook/client";

/** `clientId` is the same at each start, and of no other order of the window. */
export async function orderOnce(
  market: MarketClient,
  start: bigint,
  clientId: number,
  file: string,
  say: (line: string) => void,
) {
  const { orders } = await market.placeOrders(start, [{ buy: "1", atMost: "0.2", clientId }], {
    pending: kept(file),
    onSigned: ({ signature, ...signed }) => {
      const { lastValidBlockHeight, signedAfter } = signed;
      writeFileSync(file, JSON.stringify([signature, `${lastValidBlockHeight}`, `${signedAfter}`]));
    },
  });
  rmSync(file, { force: true });
  say(`order ${orders[0]!.clientId} stands`);
}

/** What the run before has signed, if it did not see what became of it. */
function kept(file: string): PendingTransaction | undefined {
  if (!existsSync(file)) return undefined;
  const [signature, ...numbers] = JSON.parse(readFileSync(file, "utf8")) as [
    Signature,
    string,
    string,
  ];
  const [lastValidBlockHeight, signedAfter] = numbers.map(BigInt) as [bigint, bigint];
  return { signature, lastValidBlockHeight, signedAfter };
}
