// The community's name, as the registry has it.

import { registry } from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";

import { useMarketState } from "../chain/market-context";

/** Undefined before the market is open. */
export function useCommunityName(): string | undefined {
  const { market } = useMarketState();
  const { data } = useQuery({
    queryKey: ["community-name", market?.addresses.community],
    queryFn: async () => {
      const { connection, addresses } = market!;
      const { data } = await registry.fetchCommunity(connection.rpc, addresses.community);
      return new TextDecoder().decode(new Uint8Array(data.name)).replace(/\0+$/, "");
    },
    enabled: market !== undefined,
    staleTime: Infinity,
  });
  return data;
}
