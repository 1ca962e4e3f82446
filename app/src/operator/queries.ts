// What the desk asks the chain for: participants, meters, the ledger.

import {
  market as programs,
  readAllMeters,
  readParticipants,
  registry,
  type OwnMeter,
} from "@joulebook/client";
import { useQuery } from "@tanstack/react-query";

import { useMarket } from "../chain/market-context";

/** Nobody tells of what the registry changes. */
const REGISTRY_MILLISECONDS = 5_000;

export function useParticipants() {
  const market = useMarket();
  return useQuery({
    queryKey: ["participants", market.addresses.community],
    queryFn: () => readParticipants(market),
    refetchInterval: REGISTRY_MILLISECONDS,
  });
}

/** Wallets by their number in the community. */
export function ownersOf(
  participants: readonly registry.Participant[] | undefined,
): ReadonlyMap<number, registry.Participant> {
  const withIndex = (participants ?? []).filter(({ index }) => index !== registry.NO_INDEX);
  return new Map(withIndex.map((each) => [each.index, each]));
}

/** All meters, with their numbers. */
export function useAllMeters() {
  const market = useMarket();
  return useQuery<OwnMeter[]>({
    queryKey: ["live", "meters", market.parameters.meterTable],
    queryFn: () => readAllMeters(market),
  });
}

export function useLedger() {
  const { connection, addresses } = useMarket();
  return useQuery({
    queryKey: ["live", "ledger", addresses.ledger],
    queryFn: async () => (await programs.fetchLedger(connection.rpc, addresses.ledger)).data,
  });
}
