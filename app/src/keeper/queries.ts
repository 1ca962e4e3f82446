// What the keeper's page asks the chain and the daemons for.

import { market as programs, oracle, readMarket, type MarketHandle } from "@joulebook/client";
import { getBase64Encoder, type Address, type FixedSizeDecoder } from "@solana/kit";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useConfiguration, useMarket, useMarketState } from "../chain/market-context";
import type { Heads } from "./due";
import { readHealth } from "./health";
import { RunReader } from "./runs";

const HEALTH_MILLISECONDS = 10_000;
const HEADS_MILLISECONDS = 15_000;
/** The most accounts that a node gives at once. */
const MOST_ACCOUNTS = 100;

/** What says which steps are due; undefined until it was read. */
export function useHeads() {
  const market = useMarket();
  const { windows } = useMarketState();
  const { data, error } = useQuery({
    queryKey: ["live", "heads"],
    queryFn: () => readHeads(market),
    refetchInterval: HEADS_MILLISECONDS,
  });
  const heads = useMemo(
    () => data && { ...data, books: windows.map(({ book }) => book.header) },
    [data, windows],
  );
  return { heads, error };
}

async function readHeads(market: MarketHandle): Promise<Omit<Heads, "books">> {
  const { addresses, parameters, connection } = market;
  const slots = Array.from({ length: parameters.pages }, (_, slot) => slot);
  const own = await Promise.all(slots.map((slot) => addresses.pageSlot(slot)));
  const readings = await Promise.all(slots.map((slot) => addresses.intervalPageSlot(slot)));
  const { rpc, commitment } = connection;
  const [now, pages, intervalPages, ledger] = await Promise.all([
    readMarket(market),
    headsOf(market, own, programs.getPageDecoder()),
    headsOf(market, readings, oracle.getIntervalPageDecoder()),
    programs.fetchLedger(rpc, addresses.ledger, { commitment }),
  ]);
  return { parameters: now, pages, intervalPages, ledger: ledger.data };
}

/** Heads alone: rows of pages are large. */
async function headsOf<Head>(
  { connection }: MarketHandle,
  addresses: readonly Address[],
  decoder: FixedSizeDecoder<Head>,
): Promise<Head[]> {
  const { rpc, commitment } = connection;
  const dataSlice = { offset: 0, length: decoder.fixedSize };
  const heads: Head[] = [];
  for (let at = 0; at < addresses.length; at += MOST_ACCOUNTS) {
    const some = addresses.slice(at, at + MOST_ACCOUNTS);
    const config = { commitment, encoding: "base64", dataSlice } as const;
    const { value } = await rpc.getMultipleAccounts(some, config).send();
    for (const account of value)
      if (account) heads.push(decoder.decode(getBase64Encoder().encode(account.data[0])));
  }
  return heads;
}

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
