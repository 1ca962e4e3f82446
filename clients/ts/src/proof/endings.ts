// What came to light after silence in the pages of a bill.

import type { Addresses } from "../addresses.js";
import type { Chain, PagePair } from "./chain.js";
import { NEVER } from "./ending.js";
import type { OpenTimes } from "./open-times.js";
import { pageEnding, type Remembered } from "./page-ending.js";
import type { BillTime } from "./prove.js";
import type { ProvenEnding } from "./proof.js";
import type { SignedRegisters } from "./signed-registers.js";
import { NO_SILENCE, type Silence } from "./silence.js";

/** Of the pages that stand and are final for the seat; what is not known is left open. */
export function pageEndings(
  addresses: Addresses,
  chain: Chain,
  pages: ReadonlyMap<bigint, PagePair>,
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
    const nobody = header.previous === NEVER ? { silence: NO_SILENCE, place: 0 } : undefined;
    const before = behind.get(header.previous) ?? nobody;
    const told = isTold(chain, pages, page) ? silenceOf(chain, seat) : undefined;
    const tables = [pair.page.data, pair.readings.data] as const;
    const ending = pageEnding(...tables, seat, signed.meters, before, told);
    behind.set(page, ending.behind);
    const last = page + length - BigInt(header.windowSeconds);
    if (last < time.since || last >= time.until) continue;
    endings.push({ page, start: last, amount: ending.amount });
    if (ending.amount === undefined)
      open.add(later(page, time.since), earlier(page + length, time.until), "silence");
  }
  return endings;
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

const later = (one: bigint, other: bigint) => (one > other ? one : other);
const earlier = (one: bigint, other: bigint) => (one < other ? one : other);
