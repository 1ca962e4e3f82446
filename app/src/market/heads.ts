// The accounts that say which steps of a keeper are due.

import {
  getIntervalPageTableDecoder,
  getIntervalPageTableSize,
  getPageTableDecoder,
  getPageTableSize,
  market as programs,
  oracle,
  readAllMeters,
  readMarket,
  type MarketHandle,
} from "@joulebook/client";
import { getBase64Encoder, type Address, type FixedSizeDecoder } from "@solana/kit";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useMarket, useMarketState } from "../chain/market-context";
import { isFinal, type Heads } from "./due";
import { unsettledIn, type UnsettledWindow } from "./settling";

const HEADS_MILLISECONDS = 15_000;
/** Rows are large, and a keeper settles with the next window. */
const ROWS_MILLISECONDS = 60_000;
/** Of rows, at each look. */
const MOST_BYTES = 4_000_000;
/** The most accounts that a node gives at once. */
const MOST_ACCOUNTS = 100;

type ReadHeads = Readonly<{
  parameters: Heads["parameters"];
  pages: readonly programs.Page[];
  intervalPages: readonly oracle.IntervalPage[];
  ledger: Heads["ledger"];
}>;

/** What says which steps are due; undefined until it was read. What is to be settled comes a little later. */
export function useHeads() {
  const market = useMarket();
  const { windows } = useMarketState();
  const { data, error } = useQuery({
    queryKey: ["live", "heads"],
    queryFn: () => readHeads(market),
    refetchInterval: HEADS_MILLISECONDS,
  });
  const { data: unsettled } = useQuery({
    queryKey: ["unsettled", market.addresses.market],
    queryFn: () => readUnsettled(market, data!),
    enabled: data !== undefined,
    refetchInterval: ROWS_MILLISECONDS,
  });
  const heads = useMemo<Heads | undefined>(
    () =>
      data && {
        ...data,
        books: windows.map(({ book }) => book.header),
        unsettled: unsettled ?? undefined,
      },
    [data, unsettled, windows],
  );
  return { heads, error };
}

async function readHeads(market: MarketHandle): Promise<ReadHeads> {
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

/** Of the pages that are not final; null where their rows are too large for a page of the web. */
async function readUnsettled(
  market: MarketHandle,
  { pages, intervalPages }: ReadHeads,
): Promise<UnsettledWindow[] | null> {
  const open = pages.filter((page) => !isFinal(page));
  const meters = await readAllMeters(market);
  const found: UnsettledWindow[] = [];
  let bytes = 0;
  for (const page of open) {
    const readings = intervalPages.find(({ start }) => start === page.start);
    if (!readings) continue;
    bytes += getPageTableSize(page) + getIntervalPageTableSize(readings);
    if (bytes > MOST_BYTES) return null;
    found.push(...(await unsettledOf(market, page.start, meters)));
  }
  return found;
}

async function unsettledOf(
  { addresses, connection }: MarketHandle,
  start: bigint,
  meters: Awaited<ReturnType<typeof readAllMeters>>,
): Promise<UnsettledWindow[]> {
  const { rpc, commitment } = connection;
  const asked = await Promise.all([addresses.page(start), addresses.intervalPage(start)]);
  const { value } = await rpc.getMultipleAccounts(asked, { commitment, encoding: "base64" }).send();
  const [page, readings] = value.map(
    (account) => account && getBase64Encoder().encode(account.data[0]),
  );
  if (!page || !readings) return [];
  const table = getPageTableDecoder().decode(page);
  const values = getIntervalPageTableDecoder().decode(readings);
  // Their slot may have been taken by another page meanwhile.
  const isSame = table.header.start === start && values.header.start === start;
  return isSame ? unsettledIn(table, values, meters) : [];
}
