// What the market pages ask the indexer for.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { useMarketState, useMarketStore } from "../chain/market-context";
import { useIndexer } from "../indexer/context";

/** How long an answer is taken as it is, where no news says otherwise, milliseconds. */
const FRESH = 15_000;

/**
 * Asks anew for what a cleared or opened window changes; many news at once ask once. Once the chain is back, for everything: nobody
 * has told of what changed meanwhile, and what failed is not asked for again by itself.
 */
export function useFreshness() {
  const store = useMarketStore();
  const client = useQueryClient();
  const { link } = useMarketState();
  const before = useRef(link);
  useEffect(() => {
    if (before.current === "interrupted" && link === "live") void client.invalidateQueries();
    before.current = link;
  }, [link, client]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = store.onNews((news) => {
      if (news.kind === "interrupted" || timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ["live"] });
      }, 1_500);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, client]);
}

export function useWindows(since: number | undefined, until: number | undefined) {
  const indexer = useIndexer();
  return useQuery({
    queryKey: ["live", "windows", since, until],
    queryFn: () => indexer!.windows(since!, until!),
    enabled: indexer !== undefined && since !== undefined && until !== undefined,
    refetchInterval: FRESH,
    placeholderData: (before) => before,
  });
}

export function usePrices(since: number | undefined, until: number | undefined, step: number) {
  const indexer = useIndexer();
  return useQuery({
    queryKey: ["live", "prices", since, until, step],
    queryFn: () => indexer!.prices(since!, until!, step),
    enabled: indexer !== undefined && since !== undefined && until !== undefined,
    placeholderData: (before) => before,
  });
}

export function useSources(month: string | undefined, zone: string) {
  const indexer = useIndexer();
  return useQuery({
    queryKey: ["live", "sources", month, zone],
    queryFn: () => indexer!.sources(month!, zone),
    enabled: indexer !== undefined && month !== undefined,
    placeholderData: (before) => before,
  });
}

export function useIndexerState() {
  const indexer = useIndexer();
  return useQuery({
    queryKey: ["state"],
    queryFn: async () => (await indexer!.state()) ?? null,
    enabled: indexer !== undefined,
    refetchInterval: 5_000,
    retry: false,
  });
}

export function useGaps() {
  const indexer = useIndexer();
  return useQuery({
    queryKey: ["gaps"],
    queryFn: () => indexer!.gaps(),
    enabled: indexer !== undefined,
    refetchInterval: 60_000,
  });
}
