// The acts of all who hold an office, from what their wallets have signed.

import { readTransactions, slotTime, type PastTransaction } from "@joulebook/client";
import type { Address, Signature } from "@solana/kit";
import { useInfiniteQuery } from "@tanstack/react-query";

import { useMarket } from "../../chain/market-context";
import { actsIn, type Act } from "./acts";

/** Transactions of each wallet that are looked at at a time. */
const PART = 40;

/** An act with the time of its block, unix seconds; undefined where the endpoint does not say. */
export type TimedAct = Act & Readonly<{ time: bigint | undefined }>;

/** Where each wallet's earlier transactions begin; undefined for one whose first was seen. */
type Cursors = ReadonlyMap<Address, Signature | "start">;

export function useAudit(wallets: readonly Address[]) {
  const { connection, addresses } = useMarket();
  return useInfiniteQuery({
    queryKey: ["audit", addresses.market, wallets],
    initialPageParam: new Map(wallets.map((wallet) => [wallet, "start"])) as Cursors,
    queryFn: async ({ pageParam }) => {
      const parts = await Promise.all(
        [...pageParam].map(async ([wallet, cursor]) => {
          const before = cursor === "start" ? undefined : cursor;
          const part = await readTransactions(connection, wallet, { before, limit: PART });
          return { wallet, ...part };
        }),
      );
      const all = parts.flatMap(({ transactions }) => transactions);
      const acts = uniqueOf(all).flatMap((transaction) => actsIn(transaction, addresses));
      const slots = [...new Set(acts.map(({ slot }) => slot))];
      const times = new Map(
        await Promise.all(
          slots.map(async (slot) => [slot, await slotTime(connection, slot)] as const),
        ),
      );
      const earlier: Cursors = new Map(
        parts.flatMap(({ wallet, earlier: before }) => (before ? [[wallet, before]] : [])),
      );
      const timed = acts.map((act): TimedAct => ({ ...act, time: times.get(act.slot) }));
      return { acts: timed, earlier, looked: all.length };
    },
    getNextPageParam: ({ earlier }) => (earlier.size > 0 ? earlier : undefined),
    enabled: wallets.length > 0,
    staleTime: 30_000,
  });
}

/** Two office holders may have signed the same one. */
function uniqueOf(transactions: readonly PastTransaction[]): PastTransaction[] {
  return [...new Map(transactions.map((each) => [each.signature, each])).values()];
}

/** The latest first, each once. */
export function sorted(parts: readonly (readonly TimedAct[])[]): TimedAct[] {
  const all = new Map(
    parts
      .flat()
      .map((act) => [`${act.signature} ${act.name} ${act.wallet ?? ""} ${act.meter ?? ""}`, act]),
  );
  return [...all.values()].sort((one, other) => (one.slot > other.slot ? -1 : 1));
}
