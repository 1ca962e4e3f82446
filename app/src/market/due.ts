// What a keeper has to do, now and next: the rule is that of the Rust client's `next_steps`. Placing standing orders follows from rows
// that are not read here.

import {
  dueStep,
  nextStep,
  ringSlot,
  windowTimes,
  type market,
  type oracle,
} from "@joulebook/client";

import { Phase } from "./phase";
import type { UnsettledWindow } from "./settling";

export const STEPS = [
  "clear",
  "allocate",
  "settle",
  "openWindow",
  "openPage",
  "finishIntervalPage",
  "finishPage",
  "payClaims",
] as const;

export type Step = Readonly<{
  kind: (typeof STEPS)[number];
  /** Of the window or the page, unix seconds; undefined for claims. */
  start: bigint | undefined;
  end: bigint | undefined;
  /** From when on it may be done, unix seconds. */
  from: bigint;
  /** From when on it is late: even a keeper that looks once a window has done it by then. */
  late: bigint;
  /** To be settled, of a page's positions. */
  positions?: number;
}>;

/** What of a market says what is due. Pages are heads of accounts, whatever they hold. */
export type Heads = Readonly<{
  parameters: Pick<
    market.Market,
    "terms" | "plannedTerms" | "plannedTermsFrom" | "windowSeconds" | "pageWindows" | "books"
  > &
    Pick<market.Market, "pages" | "lastPage" | "endsAt">;
  books: readonly Pick<market.Book, "start" | "end" | "gate" | "phase" | "slot">[];
  pages: readonly Pick<market.Page, "start" | "finalSeats" | "seats" | "slot">[];
  intervalPages: readonly Pick<
    oracle.IntervalPage,
    "start" | "correctionsUntil" | "finishedMeters" | "capacity" | "slot"
  >[];
  ledger: Pick<market.Ledger, "suppliers" | "seats">;
  /** Undefined while that was not read. */
  unsettled: readonly UnsettledWindow[] | undefined;
}>;

/** Of a page that was never opened. */
const NEVER = -(2n ** 63n);

/** Those that are due, and the next one of each kind, the earliest first. */
export function stepsOf(heads: Heads, now: bigint): Step[] {
  const steps = [
    ...auctions(heads, now),
    ...settling(heads, now),
    ...finishing(heads),
    ...pageOpening(heads, now),
    ...windowOpening(heads, now),
    ...claims(heads, now),
  ];
  const sorted = steps.sort((one, other) => Number(one.from - other.from));
  const first = new Set<string>();
  return sorted.filter(({ kind, from }) => {
    const isShown = from <= now || !first.has(kind);
    if (from > now) first.add(kind);
    return isShown;
  });
}

/** Those that should have been done by now. */
export const lateOf = (steps: readonly Step[], now: bigint) =>
  steps.filter(({ late }) => late <= now);

/** Of a step that comes with the next window at the latest. */
const lateAfter = ({ parameters }: Heads, from: bigint) =>
  from + BigInt(Math.floor(parameters.windowSeconds * 1.5));

function auctions({ books, parameters }: Heads, now: bigint): Step[] {
  return books.flatMap((book) => {
    const { start, end, gate } = book;
    const kind = dueStep(book, now) ?? (book.phase === Phase.Open ? nextStep(book) : undefined);
    // A thrifty keeper clears a window when it begins.
    const late = start + BigInt(Math.floor(parameters.windowSeconds / 2));
    return kind === "clear" || kind === "allocate" ? [{ kind, start, end, from: gate, late }] : [];
  });
}

/** A step for each page: its windows are settled together. */
function settling(heads: Heads, now: bigint): Step[] {
  const seconds = pageSeconds(heads);
  const pages = new Map<bigint, UnsettledWindow[]>();
  for (const window of (heads.unsettled ?? []).filter(({ end }) => end <= now))
    pages.set(window.page, [...(pages.get(window.page) ?? []), window]);
  return [...pages].map(([start, windows]) => ({
    ...{ kind: "settle" as const, start, end: start + seconds },
    from: least(windows.map(({ end }) => end)),
    // When a value came is not told. Most come before the grace is over.
    late: lateAfter(heads, least(windows.map(({ graceUntil }) => graceUntil))),
    positions: windows.reduce((sum, { positions }) => sum + positions, 0),
  }));
}

const least = (times: readonly bigint[]) =>
  times.reduce((least, time) => (time < least ? time : least));

function finishing(heads: Heads): Step[] {
  const { pages, intervalPages } = heads;
  const seconds = pageSeconds(heads);
  const step = (kind: Step["kind"], start: bigint, from: bigint): Step => ({
    ...{ kind, start, end: start + seconds, from, late: lateAfter(heads, from) },
  });
  const unread = earliest(intervalPages.filter((page) => !isFinished(page)));
  const open = earliest(pages.filter((page) => !isFinal(page)));
  const readings = open && intervalPages.find(({ start }) => start === open.start);
  return [
    ...(unread ? [step("finishIntervalPage", unread.start, unread.correctionsUntil)] : []),
    ...(open && readings ? [step("finishPage", open.start, readings.correctionsUntil)] : []),
  ];
}

function pageOpening(heads: Heads, now: bigint): Step[] {
  const { parameters, pages, intervalPages } = heads;
  const seconds = pageSeconds(heads);
  const follows = parameters.lastPage === NEVER ? NEVER : parameters.lastPage + seconds;
  // Pages that are over are left out.
  const start = follows + seconds > now ? follows : now - (now % seconds);
  const slot = ringSlot(start, Number(seconds), parameters.pages);
  const isTaken =
    pages.some((page) => page.slot === slot && !isFinal(page)) ||
    intervalPages.some((page) => page.slot === slot && !isFinished(page));
  if (isTaken || start >= parameters.endsAt) return [];
  // A page's length before its first window opens.
  const from = windowTimes(parameters, start).opens - seconds;
  return [{ kind: "openPage", start, end: start + seconds, from, late: lateAfter(heads, from) }];
}

function windowOpening(heads: Heads, now: bigint): Step[] {
  const { parameters, books, pages } = heads;
  const length = BigInt(parameters.windowSeconds);
  const busy = books.filter(({ phase }) => phase !== Phase.Free && phase !== Phase.Allocated);
  const steps: Step[] = [];
  for (const page of pages.filter((each) => !isFinal(each)))
    for (let number = 0n; number < parameters.pageWindows; number++) {
      const { start, end, opens, gate } = windowTimes(parameters, page.start + number * length);
      const slot = ringSlot(start, parameters.windowSeconds, parameters.books);
      const isOpened = books.some((book) => book.start === start && book.phase !== Phase.Free);
      const hasRoom = busy.every((book) => book.slot !== slot || book.gate <= opens);
      if (gate > now && !isOpened && hasRoom)
        steps.push({ kind: "openWindow", start, end, from: opens, late: lateAfter(heads, opens) });
    }
  return steps;
}

function claims(heads: Heads, now: bigint): Step[] {
  const { ledger } = heads;
  const canPay = ledger.suppliers.some(
    ({ claims, seat }) => claims > 0n && (ledger.seats[seat]?.free ?? 0n) > 0n,
  );
  const step = { kind: "payClaims", start: undefined, end: undefined } as const;
  // Since when there is money for them, nobody tells.
  return canPay ? [{ ...step, from: now, late: lateAfter(heads, now) }] : [];
}

const pageSeconds = ({ parameters }: Heads) =>
  BigInt(parameters.windowSeconds * parameters.pageWindows);

export const isFinal = ({ start, finalSeats, seats }: Heads["pages"][number]) =>
  start === NEVER || finalSeats === seats;

const isFinished = ({ start, finishedMeters, capacity }: Heads["intervalPages"][number]) =>
  start === NEVER || finishedMeters === capacity;

function earliest<Page extends { start: bigint }>(pages: readonly Page[]): Page | undefined {
  return [...pages].sort((one, other) => (one.start < other.start ? -1 : 1))[0];
}
