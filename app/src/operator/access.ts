// Who may sit at the desk: the community's authority, and participants with the role.

import { registry } from "@joulebook/client";
import { address, type Address } from "@solana/kit";
import { useQuery } from "@tanstack/react-query";

import { useMarketState } from "../chain/market-context";
import { useCommunity } from "../market/community";
import { useWallet } from "../wallet/context";

export type Access = Readonly<{
  /** The participant that the operator acts as; undefined for the authority. */
  acting: Address | undefined;
}>;

/** Undefined for whoever is no operator, and before that is known. */
export function useAccess(): Access | undefined {
  const { market } = useMarketState();
  const { account } = useWallet();
  const { data: community } = useCommunity();
  const wallet = account?.address;
  const { data } = useQuery({
    queryKey: ["operator", market?.addresses.community, wallet],
    queryFn: async () => {
      const { connection, addresses } = market!;
      const own = await addresses.participant(address(wallet!));
      const found = await registry.fetchMaybeParticipant(connection.rpc, own);
      const isOperator =
        found.exists &&
        found.data.status === registry.ParticipantStatus.Active &&
        (found.data.roles & registry.ROLE_OPERATOR) !== 0;
      return isOperator ? own : null;
    },
    enabled: market !== undefined && wallet !== undefined,
  });
  if (wallet === undefined) return undefined;
  if (community?.authority === wallet) return { acting: undefined };
  return data ? { acting: data } : undefined;
}

export function useIsOperator(): boolean {
  return useAccess() !== undefined;
}
