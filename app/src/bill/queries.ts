// What a bill asks the indexer for.

import { readMeters, type MarketHandle } from "@joulebook/client";
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { dayOf, monthBounds } from "../format/calendar";
import type { Indexer, Schemas } from "../indexer/client";
import { useIndexer } from "../indexer/context";
import { correctionsByDay } from "./earlier";
import { accountOf, accountOfBill, detailed, sumOf, type Account } from "./account";
import { boundsOf, monthsOf, type Period } from "../format/period";

/** How long a past month of a year is taken as it is, milliseconds. */
export const MONTH_FRESH = 600_000;
/** A verifier's value, in the indexer's words. */
const REPLACED = "replaced";

/** Whose bills these are: the handle's owner is the household. */
export type Billed = Readonly<{
  market: MarketHandle;
  seat: number;
  /** When it was let in, unix seconds: what its seat has of before may be another's. */
  since: number;
  timeZone: string;
}>;

/** Of its seat's rows, those that can't be another's. */
export const ownOf = <Row extends { start: number }>({ since }: Billed, rows: readonly Row[]) =>
  rows.filter(({ start }) => start >= since);

/** The account of a period, null where there is nothing; `months` says how many months of a year are there so far. */
export function useAccount(billed: Billed, period: Period | undefined, now: number | undefined) {
  const indexer = useIndexer();
  const client = useQueryClient();
  const [months, setMonths] = useState<Readonly<{ done: number; of: number }>>();
  const query = useQuery({
    queryKey: ["live", "bill", period?.kind, period?.name, billed.seat],
    queryFn: async (): Promise<Account | null> => {
      const { kind, name } = period!;
      if (kind !== "year")
        return (await readAccount(indexer!, billed, period!, now!))?.account ?? null;
      return (await ofYear(indexer!, client, billed, name, now!, setMonths)) ?? null;
    },
    enabled: indexer !== undefined && period !== undefined && now !== undefined,
  });
  return { ...query, months };
}

/** An account, and the rows of windows that it is of. */
export type ReadAccount = Readonly<{
  account: Account;
  positions: readonly Schemas["PositionItem"][];
  windows: readonly Schemas["WindowItem"][];
}>;

/** The account of a day or a month; undefined where there is nothing. */
export function readAccount(
  indexer: Indexer,
  billed: Billed,
  period: Period,
  now: number,
): Promise<ReadAccount | undefined> {
  return period.kind === "day"
    ? ofDay(indexer, billed, period, now)
    : ofMonth(indexer, billed, period.name);
}

async function ofDay(indexer: Indexer, billed: Billed, period: Period, now: number) {
  const { market, seat, timeZone } = billed;
  const [since, until] = boundsOf(period, timeZone);
  const [positions, windows] = await Promise.all([
    indexer.positions(seat, since, until),
    indexer.windows(since, until),
  ]);
  const { windowSeconds } = market.parameters;
  const over = ownOf(billed, positions).filter(({ start }) => start + windowSeconds <= now);
  if (over.length === 0) return undefined;
  return { account: accountOf(over, windows, market.token.decimals), positions: over, windows };
}

async function ofMonth(
  indexer: Indexer,
  { market, seat, timeZone }: Billed,
  month: string,
): Promise<ReadAccount | undefined> {
  const { decimals } = market.token;
  const [since] = monthBounds(month, timeZone);
  const bill = await indexer.bill(month, timeZone, market.owner, seat);
  if (!bill) return undefined;
  // Both tell of windows that are over, by the chain's clock when the bill was made.
  const [positions, windows] = await Promise.all([
    indexer.positions(seat, since, bill.until),
    indexer.windows(since, bill.until),
  ]);
  const account = detailed(accountOfBill(bill, decimals), accountOf(positions, windows, decimals));
  return { account, positions, windows };
}

/** Month by month: a year of quarter hours is a lot to ask for at once. */
async function ofYear(
  indexer: Indexer,
  client: QueryClient,
  billed: Billed,
  year: string,
  now: number,
  told: (months: Readonly<{ done: number; of: number }>) => void,
) {
  const today = dayOf(now, billed.timeZone);
  const months = monthsOf(year, today);
  const accounts: Account[] = [];
  for (const [done, month] of months.entries()) {
    told({ done, of: months.length });
    const isPast = month < today.slice(0, 7);
    const account = await monthKept(indexer, client, billed, month, isPast ? MONTH_FRESH : 0);
    if (account) accounts.push(account);
  }
  return sumOf(accounts);
}

/** Of a month, as it was read within the last `staleTime` milliseconds. */
export function monthKept(
  indexer: Indexer,
  client: QueryClient,
  billed: Billed,
  month: string,
  staleTime: number,
) {
  return client.fetchQuery({
    queryKey: ["bill-month", month, billed.seat, billed.market.owner],
    queryFn: async () => (await ofMonth(indexer, billed, month))?.account ?? null,
    staleTime,
  });
}

/** Windows of a time in which a verifier has set a value of the household's meters; undefined while that is not known. */
export function useCorrected({ market, seat, timeZone }: Billed, period: Period | undefined) {
  const indexer = useIndexer();
  const isShort = period !== undefined && period.kind !== "year";
  const { data } = useQuery({
    queryKey: ["live", "corrected", period?.name, seat],
    queryFn: async () => {
      const [since, until] = boundsOf(period!, timeZone);
      const meters = await readMeters(market);
      const lists = await Promise.all(
        meters.map(({ number }) => indexer!.readings(number, since, until)),
      );
      const replaced = lists.flat().filter(({ quality }) => quality === REPLACED);
      return new Set(replaced.map(({ start }) => start)).size;
    },
    enabled: indexer !== undefined && isShort,
  });
  return data;
}

/** What was corrected in a time of days before it; undefined while that is not known. */
export function useEarlier(billed: Billed, period: Period | undefined) {
  const { market, seat, timeZone } = billed;
  const indexer = useIndexer();
  const { data } = useQuery({
    queryKey: ["live", "earlier", period?.name, seat],
    queryFn: async () => {
      const items = await indexer!.correctionsOfEarlier(seat, ...boundsOf(period!, timeZone));
      return correctionsByDay(ownOf(billed, items), timeZone, market.token.decimals);
    },
    enabled: indexer !== undefined && period !== undefined,
  });
  return data;
}
