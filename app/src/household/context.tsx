// A household's view of the market: the market as its owner's wallet acts in it.

import { connectionOf, type MarketHandle } from "@joulebook/client";
import type { UiWalletAccount } from "@wallet-standard/react";
import { createContext, useContext, useMemo, type ReactNode } from "react";

import { useConfiguration, useMarket } from "../chain/market-context";
import { walletSigner, type StageListener } from "../wallet/signer";

export type Household = Readonly<{
  market: MarketHandle;
  /** Told of each signature that the wallet is asked for. */
  stages: Set<StageListener>;
}>;

const HouseholdContext = createContext<Household | undefined>(undefined);

export function HouseholdProvider(props: { account: UiWalletAccount; children: ReactNode }) {
  const { account, children } = props;
  const market = useMarket();
  const { cluster } = useConfiguration();
  const household = useMemo(() => {
    const stages = new Set<StageListener>();
    const signer = walletSigner(account, cluster.chain, (stage, signature) => {
      for (const listener of stages) listener(stage, signature);
    });
    const connection = connectionOf(market.connection, signer, market.connection);
    const handle = { ...market, connection, trader: signer, owner: signer.address };
    return { market: handle, stages };
  }, [account, cluster.chain, market]);
  return <HouseholdContext value={household}>{children}</HouseholdContext>;
}

export function useHousehold(): Household {
  const household = useContext(HouseholdContext);
  if (!household) throw new Error("no wallet is connected around this part of the page");
  return household;
}
