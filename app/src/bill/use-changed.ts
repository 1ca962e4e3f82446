// What was corrected of a bill's own windows after they had been settled, as the indexer tells of it.

import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";

import { boundsOf, type Period } from "../format/period";
import type { Indexer, Schemas } from "../indexer/client";
import { useIndexer } from "../indexer/context";
import { accountOf } from "./account";
import { MONTH_FRESH, monthKept, ownOf, readAccount, type Billed } from "./queries";
import { differences, partOf, type ChangedPart } from "./since-settled";

/** Undefined while that is not known. */
export function useChanged(billed: Billed, period: Period | undefined, now: number | undefined) {
  const indexer = useIndexer();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["live", "changed", period?.name, billed.seat],
    queryFn: () => changedOf(indexer!, client, billed, period!, now!),
    enabled: indexer !== undefined && period !== undefined && now !== undefined,
  });
  return data;
}

async function changedOf(
  indexer: Indexer,
  client: QueryClient,
  billed: Billed,
  period: Period,
  now: number,
): Promise<ChangedPart[]> {
  const { market, seat, timeZone } = billed;
  const items = ownOf(billed, await indexer.correctionsOf(seat, ...boundsOf(period, timeZone)));
  const changed = differences(items, period, timeZone, market.token.decimals);
  if (changed.size === 0) return [];
  const totals =
    period.kind === "year"
      ? await totalsOfMonths(indexer, client, billed, [...changed.keys()])
      : await totalsWithin(indexer, billed, period, now);
  return [...changed].map(([name, difference]) => {
    const total = totals.get(name) ?? 0n;
    return { name, before: total - difference, now: total };
  });
}

async function totalsOfMonths(
  indexer: Indexer,
  client: QueryClient,
  billed: Billed,
  months: readonly string[],
) {
  const totals = new Map<string, bigint>();
  for (const month of months) {
    const account = await monthKept(indexer, client, billed, month, MONTH_FRESH);
    totals.set(month, account?.total ?? 0n);
  }
  return totals;
}

/** What each window of a day, or each day of a month, comes to. */
async function totalsWithin(indexer: Indexer, billed: Billed, period: Period, now: number) {
  const { positions = [], windows = [] } = (await readAccount(indexer, billed, period, now)) ?? {};
  const parts = new Map<string, Schemas["PositionItem"][]>();
  for (const position of ownOf(billed, positions)) {
    const name = partOf(position.start, period, billed.timeZone);
    parts.set(name, [...(parts.get(name) ?? []), position]);
  }
  const { decimals } = billed.market.token;
  return new Map(
    [...parts].map(([name, some]) => [name, accountOf(some, windows, decimals).total]),
  );
}
