// Whether events are missing: each has a number, and the account that gives it says how many there were.

import type { Address } from "@solana/kit";

import type { ProgramEvent } from "./events.js";
import type { MarketEvent } from "./generated/market/index.js";

/** An account that counts events: of this kind, and of what `about` is the address of. A ledger is told by its market. */
export interface Counter {
  readonly account: "community" | "meterTable" | "market" | "ledger";
  readonly about: Address;
}

/** Events of one account that were not seen: those with the numbers `from` to before `until`. */
export interface Gap extends Counter {
  readonly from: bigint;
  readonly until: bigint;
}

/** Events about what is agreed in a market, which its own account counts; the ledger counts those of money and orders. */
const OF_MARKET: ReadonlySet<MarketEvent["kind"]> = new Set([
  "MarketCreated",
  "TermsChanged",
  "TariffChanged",
  "MarketEnds",
  "MarketClosed",
  "ProgramAdmitted",
  "ProgramRetired",
]);

/** Which account counts an event; none for an event without a number: what it says stands in an account. */
export function counterOf(event: ProgramEvent): Counter | undefined {
  if (!("number" in event.data)) return undefined;
  switch (event.program) {
    case "registry":
      return { account: "community", about: event.data.community };
    case "oracle":
      return { account: "meterTable", about: event.data.meterTable };
    case "market":
      return { account: OF_MARKET.has(event.kind) ? "market" : "ledger", about: event.data.market };
  }
}

/** Notices events that are missing. Begin with what the accounts say (`read`), or with their first events. */
export class EventCounts {
  /** The number of the next event, by counter. */
  readonly #next = new Map<string, bigint>();

  /**
   * Takes an event of a transaction that succeeded; what is missing before it. Transactions come in their order. An
   * event that was taken before changes nothing, but for the number 0: there the account was closed and made anew.
   */
  take(event: ProgramEvent): Gap | undefined {
    const counter = counterOf(event);
    if (!counter || !("number" in event.data)) return undefined;
    const { number } = event.data;
    const from = this.#next.get(keyOf(counter)) ?? 0n;
    if (0n < number && number < from) return undefined;
    this.#next.set(keyOf(counter), number + 1n);
    return gap(counter, from, number);
  }

  /**
   * Takes what an account says, `events` of it; what is missing until then. It goes on from there: read the rows of
   * the account together with this number, and nothing of what is missing is missed.
   */
  read(counter: Counter, events: bigint): Gap | undefined {
    const from = this.#next.get(keyOf(counter));
    this.#next.set(keyOf(counter), events);
    return from === undefined ? undefined : gap(counter, from, events);
  }
}

const keyOf = ({ account, about }: Counter) => `${account} ${about}`;

function gap({ account, about }: Counter, from: bigint, until: bigint): Gap | undefined {
  return from < until ? { account, about, from, until } : undefined;
}
