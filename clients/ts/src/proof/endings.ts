// What came to light after silence in the pages of a bill.

import type { Address } from "@solana/kit";

import type { Addresses } from "../addresses.js";
import type { Chain, PagePair } from "./chain.js";
import { NEVER } from "./ending.js";
import type { OpenTimes } from "./open-times.js";
import { pageEnding, serving, type Remembered } from "./page-ending.js";
import type { BillTime } from "./prove.js";
import type { ProvenEnding } from "./proof.js";
import type { SignedRegisters } from "./signed-registers.js";
import { NO_SILENCE, type Silence } from "./silence.js";

/**
 * Of the pages that stand and are final for the seat; what is not known is left open. `accounts` are the oracle's whose
 * transactions were read.
 */
export function pageEndings(
  addresses: Addresses,
  chain: Chain,
  pages: ReadonlyMap<bigint, PagePair>,
  accounts: ReadonlyMap<bigint, Address>,
  signed: SignedRegisters,
  time: BillTime,
  open: OpenTimes,
): ProvenEnding[] {
  const seat = chain.participant.data.index;
  const length = BigInt(addresses.pageSeconds);
  const behind = new Map<bigint, Remembered | undefined>();
  const endings: ProvenEnding[] = [];
  for (const [page, pair] of pages) {
    const { header } = pair.page.data;
    if (!pair.readings || seat >= header.finalSeats) continue;
    const isFirst = header.previous === NEVER;
    const nobody = { silence: NO_SILENCE, place: isFirst ? 0 : header.supplierPlace };
    const isQuiet = isFirst || isHeardThroughout(addresses, accounts, signed, header.previous);
    const before = behind.get(header.previous) ?? (isQuiet ? nobody : undefined);
    const told = isTold(chain, pages, page) ? silenceOf(chain, seat) : undefined;
    const ending = pageEnding(
      ...([pair.page.data, pair.readings.data, seat, signed.meters, before, told] as const),
    );
    behind.set(page, ending.behind);
    const last = page + length - BigInt(header.windowSeconds);
    if (last < time.since || last >= time.until) continue;
    endings.push({ page, start: last, amount: ending.amount });
    if (ending.amount === undefined)
      open.add(later(page, time.since), earlier(page + length, time.until), "silence");
  }
  leaveGoneOpen(addresses, pages, signed, time, open);
  return endings;
}

/** Of pages that were used again nothing is known of silence, but where nobody was silent. */
function leaveGoneOpen(
  addresses: Addresses,
  pages: ReadonlyMap<bigint, PagePair>,
  signed: SignedRegisters,
  time: BillTime,
  open: OpenTimes,
) {
  const length = BigInt(addresses.pageSeconds);
  for (let page = addresses.pageStart(time.since); page < time.until; page += length)
    if (!pages.has(page))
      open.add(later(page, time.since), earlier(page + length, time.until), "silenceGone");
}

/** What the seat's row says is of this page: the ledger knows that it is final, and no later page is for the seat. */
function isTold(chain: Chain, pages: ReadonlyMap<bigint, PagePair>, page: bigint): boolean {
  const seat = chain.participant.data.index;
  const isLater = [...pages].some(
    ([start, pair]) => start > page && pair.page.data.header.finalSeats > seat,
  );
  return chain.ledger.data.lastFinal === page && !isLater;
}

function silenceOf({ ledger }: Chain, seat: number): Silence | undefined {
  const row = ledger.data.seats[seat];
  return (
    row && {
      windows: row.silentWindows,
      dearest: BigInt(row.dearest),
      lowest: BigInt(row.lowest),
      owed: row.owed,
    }
  );
}

/**
 * Whether all meters that served in a page have signed each of its intervals, in messages that the page took, and no value was set
 * by a verifier: then no silence goes on behind it.
 */
function isHeardThroughout(
  addresses: Addresses,
  accounts: ReadonlyMap<bigint, Address>,
  signed: SignedRegisters,
  page: bigint,
): boolean {
  const account = accounts.get(page);
  if (account === undefined) return false;
  const meters = serving(signed.meters, page);
  const length = BigInt(signed.table.intervalSeconds);
  const starts = Array.from(
    { length: addresses.rings.pageWindows },
    (_, place) => page + length * BigInt(place),
  );
  return (
    meters.length > 0 &&
    starts.every((start) =>
      meters.every(
        ({ number }) => signed.flowIn(account, number, start) && !signed.replaced(number, start),
      ),
    )
  );
}

const later = (one: bigint, other: bigint) => (one > other ? one : other);
const earlier = (one: bigint, other: bigint) => (one < other ? one : other);
