// A chain that knows of one transaction what a test says.

import { connectionOf, type Connection, type PendingTransaction } from "@joulebook/client";
import { address, createNoopSigner, type Signature } from "@solana/kit";

import type { Acting } from "../../src/household/unsettled/unsettled";

export const pending: PendingTransaction = {
  signature:
    "5h6xBEauJ3PK6SWCZ1PGjBvj8vDdWG3KpwATGy1ARAXFSDwt8GFXM7W5Ncn16wmqokgpiKRLuS83KUxyZyv2sUYv" as Signature,
  lastValidBlockHeight: 100n,
  signedAfter: 40n,
};

/** What an endpoint says. A blockhash of before has expired beyond a height of 100. */
export type Chain = {
  height: bigint;
  /** Where its ledger begins. */
  firstBlock: bigint;
  landed: boolean;
  isSilent: boolean;
  asked: number;
};

export const newChain = (): Chain => ({
  ...{ height: 50n, firstBlock: 0n, landed: false, isSilent: false, asked: 0 },
});

export function actingOn(chain: Chain, wallet: string): Acting {
  const answers = {
    getEpochInfo: () => ({ absoluteSlot: chain.height, blockHeight: chain.height }),
    getFirstAvailableBlock: () => chain.firstBlock,
    getSignatureStatuses: () => ({
      context: { slot: chain.height },
      value: [chain.landed ? { slot: 60n, err: null, confirmationStatus: "confirmed" } : null],
    }),
  };
  const rpc = new Proxy({} as Connection["rpc"], {
    get: (_, method: keyof typeof answers) => () => ({
      send: async () => {
        chain.asked++;
        if (chain.isSilent) throw new TypeError("fetch failed");
        return answers[method]();
      },
    }),
  });
  const trader = createNoopSigner(address(wallet));
  const connection = connectionOf({ rpc, rpcSubscriptions: undefined as never }, trader, {
    ...{ pollMilliseconds: 1, resendMilliseconds: 1, patienceMilliseconds: 30 },
  });
  const market = address("So11111111111111111111111111111111111111112");
  return { connection, trader, addresses: { market } };
}
