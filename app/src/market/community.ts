// The community, as the registry has it.

import { registry } from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";

import { useMarketState } from "../chain/market-context";

const REGISTRY_MILLISECONDS = 60_000;

export function useCommunity() {
  const { market } = useMarketState();
  return useQuery({
    queryKey: ["community", market?.addresses.community],
    queryFn: async () => {
      const { connection, addresses } = market!;
      const { data } = await registry.fetchCommunity(connection.rpc, addresses.community);
      return {
        name: textOf(data.name),
        authority: data.authority,
        zones: data.zones.slice(0, data.zoneCount).map(({ name }) => textOf(name)),
        approvals: data.approvals,
        isPaused: (data.paused & registry.PAUSE_REGISTRATION) !== 0,
      };
    },
    enabled: market !== undefined,
    refetchInterval: REGISTRY_MILLISECONDS,
  });
}

/** Texts on chain are filled up with zeros. */
function textOf(bytes: ArrayLike<number>): string {
  return new TextDecoder().decode(new Uint8Array(bytes)).replace(/\0+$/, "");
}
