// A household's bill, worked out from accounts, transactions and device signatures alone: no indexer is asked, and no gateway or
// keeper believed. What `joulebook prove-bill` does, as far as accounts still stand.

import type { MarketHandle } from "../handle/handle.js";
import { meterNumber } from "../meter.js";
import { addLines, NO_LINES, totalOf } from "./bill-lines.js";
import { readChain, readPages, type Chain, type PagePair } from "./chain.js";
import { pageEndings } from "./endings.js";
import { OpenTimes } from "./open-times.js";
import { readPast, SLACK } from "./past.js";
import { EVIDENCE, type BillProof, type ProofProgress, type Witness } from "./proof.js";
import { Requests } from "./requests.js";
import { SignedRegisters, type HouseholdMeter } from "./signed-registers.js";
import { provenWindow } from "./windows.js";

/** A month with the hour that clocks are put back by, seconds: more is not worked out at once, so that what is read is bounded. */
export const LONGEST_PROOF = 31n * 86_400n + 3_600n;
/** Questions to the endpoint, if nothing else is said. */
const MOST_REQUESTS = 4_000;

/** Which part of time a bill is of, unix seconds. */
export type BillTime = Readonly<{ since: bigint; until: bigint }>;

export type ProofOptions = Readonly<{
  /** Ends it: the promise is rejected with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: ProofProgress) => void;
  /** The most questions that the endpoint is asked; what is not read by then stays open. 4,000 if left out. */
  mostRequests?: number;
}>;

/**
 * Works out the bill of the market's owner. What can't be proven is no error: it is said in `unproven`. Throws a NoSeatError, and
 * a RangeError for more than a month.
 */
export async function proveBill(
  market: MarketHandle,
  asked: BillTime,
  options: ProofOptions = {},
): Promise<BillProof> {
  if (asked.until - asked.since > LONGEST_PROOF)
    throw new RangeError("more than a month is asked for; ask for one month after the other");
  const { rpc, commitment } = market.connection;
  const told = options.onProgress ?? (() => {});
  const requests = new Requests(
    ...([rpc, commitment, options.mostRequests ?? MOST_REQUESTS, options.signal] as const),
  );
  const chain = await readChain(market, requests);
  const seat = chain.participant.data.index;
  const time = workedOut(market, asked, chain);
  const open = new OpenTimes();
  if (chain.participant.data.leftAt > 0n)
    open.add(asked.since, least(time.since, asked.until), "beforeReturn");
  open.add(least(greatest(time.until, asked.since), asked.until), asked.until, "notOver");

  // A page before, too: what was silent there comes to light in the first one. And one behind: whether it is final for the seat.
  const length = BigInt(market.addresses.pageSeconds);
  const first = market.addresses.pageStart(time.since) - length;
  const starts: bigint[] = [];
  for (let at = first; at < time.until + length; at += length) starts.push(at);
  const isEmpty = time.until <= time.since;
  const pages = isEmpty
    ? new Map<bigint, PagePair>()
    : await readPages(market, requests, starts, (done, of) => told({ step: "accounts", done, of }));

  const signed = new SignedRegisters(metersOf(chain, seat), {
    ...chain.table.data,
    address: market.addresses.meterTable,
  });
  const accounts = [...pages.values()].flatMap(({ readings }) => readings?.address ?? []);
  const past = await readPast(requests, accounts, first - SLACK, (step, done, of) =>
    told({ step, done, of }),
  );
  for (const transaction of past.transactions) signed.take(transaction);

  const windows = [];
  const seconds = BigInt(market.addresses.rings.windowSeconds);
  for (let start = time.since; start < time.until; start += seconds) {
    options.signal?.throwIfAborted();
    const pair = pages.get(market.addresses.pageStart(start));
    const proven = pair && provenWindow(market.addresses, pair, start, seat, signed);
    if (!pair) open.add(start, start + seconds, "pageGone");
    else if (!proven) open.add(start, start + seconds, "noReadings");
    else {
      windows.push(proven.window);
      for (const why of proven.open) open.add(start, start + seconds, why);
    }
  }
  told({ step: "windows", done: windows.length, of: windows.length });
  const endings = pageEndings(market.addresses, chain, pages, signed, time, open);
  if (past.isCut) open.add(time.since, time.until, "tooMany");
  else if (past.lost > 0) open.add(time.since, time.until, "lost");

  const entries = windows.flatMap((window) => window.entries);
  const origins = entries.flatMap(({ from }) => from.map(({ transaction }) => transaction));
  const known = endings.flatMap(({ amount }) => amount ?? []);
  const afterSilence = known.reduce((sum, amount) => sum + amount, 0n);
  const lines = windows.reduce((sum, window) => addLines(sum, window.lines), {
    ...NO_LINES,
    afterSilence,
  });
  return {
    ...{ seat, ...time, windows, endings, lines, total: totalOf(lines) },
    intervals: Object.fromEntries(
      EVIDENCE.map((each) => [each, entries.filter(({ evidence }) => evidence === each).length]),
    ) as BillProof["intervals"],
    ...{ meters: signed.meters, verified: signed.verified, refused: signed.refused },
    witnesses: witnesses(chain, pages, windows),
    transactions: [...new Set(origins)],
    ...{ unproven: open.all, requests: requests.asked },
  };
}

/** From the first window that the household can have something in, to the last that is over. */
function workedOut({ addresses }: MarketHandle, asked: BillTime, chain: Chain): BillTime {
  const seconds = BigInt(addresses.rings.windowSeconds);
  // Before the market's first page nobody has anything.
  const begins = greatest(chain.participant.data.approvedAt, chain.table.data.settledFrom);
  const since = addresses.windowStart(greatest(asked.since, begins) + seconds - 1n);
  // A window is of the time in which it starts.
  const last = addresses.windowStart(asked.until + seconds - 1n);
  const until = least(last, addresses.windowStart(chain.now));
  return { since, until: greatest(since, until) };
}

function metersOf({ table }: Chain, seat: number): HouseholdMeter[] {
  const { count, meters } = table.data;
  return meters
    .slice(0, count)
    .map((meter, row) => ({ ...meter, row, number: meterNumber(row, meter) }))
    .filter(({ participant }) => participant === seat);
}

function witnesses(
  { participant, table, ledger }: Chain,
  pages: ReadonlyMap<bigint, PagePair>,
  windows: BillProof["windows"],
): Witness[] {
  const ofPages = [...pages.values()].flatMap(({ page, readings }): Witness[] => {
    const count = windows.filter((window) => window.page === page.address).length;
    if (count === 0) return [];
    const { address, slot } = page;
    return [
      { what: "positions", address, slot, windows: count },
      ...(readings
        ? ([
            { what: "readings", address: readings.address, slot: readings.slot, windows: count },
          ] as const)
        : []),
    ];
  });
  const other = (what: Witness["what"], read: { address: Witness["address"]; slot: bigint }) => ({
    ...{ what, address: read.address, slot: read.slot, windows: 0 },
  });
  return [
    ...ofPages,
    ...[other("participant", participant), other("meters", table), other("ledger", ledger)],
  ];
}

const least = (one: bigint, other: bigint) => (one < other ? one : other);
const greatest = (one: bigint, other: bigint) => (one > other ? one : other);
