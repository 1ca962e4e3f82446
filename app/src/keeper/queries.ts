// What the keeper's page asks the chain and the daemons for.

import type { Address } from "@solana/kit";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useConfiguration, useMarket } from "../chain/market-context";
import { readHealth } from "./health";
import { RunReader } from "./runs";

const HEALTH_MILLISECONDS = 10_000;
/** `time` is the chain's, to the page. */
export function useRuns(time: bigint | undefined) {
  const market = useMarket();
  const reader = useMemo(() => new RunReader(market), [market]);
  return useQuery({
    queryKey: ["live", "runs", String(time)],
    queryFn: () => reader.read(time!),
    enabled: time !== undefined,
    placeholderData: (before) => before,
  });
}

/** Lamports of each wallet. */
export function useBalances(wallets: readonly Address[]) {
  const { connection } = useMarket();
  const { rpc, commitment } = connection;
  return useQuery({
    queryKey: ["live", "balances", wallets],
    queryFn: async () => {
      const asked = wallets.map((wallet) => rpc.getBalance(wallet, { commitment }).send());
      const told = await Promise.all(asked);
      return new Map(told.map(({ value }, at) => [wallets[at]!, BigInt(value)]));
    },
    enabled: wallets.length > 0,
    placeholderData: (before) => before,
  });
}

/** Of each daemon that the configuration names. */
export function useHealth() {
  const { health } = useConfiguration();
  const daemons = Object.entries(health ?? {});
  const answers = useQueries({
    queries: daemons.map(([name, address]) => ({
      queryKey: ["health", name, address],
      queryFn: () => readHealth(address),
      refetchInterval: HEALTH_MILLISECONDS,
    })),
  });
  return daemons.map(([name], at) => ({ name, health: answers[at]?.data }));
}
