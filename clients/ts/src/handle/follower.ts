// What has been told of a market, and what is to be told: from subscriptions, and from the accounts.

import {
  getBase64Decoder,
  getBase64Encoder,
  type Base58EncodedBytes,
  type Base64EncodedBytes,
  type ReadonlyUint8Array,
  type Signature,
} from "@solana/kit";

import { getBookTableDecoder, type BookTable } from "../book.js";
import { EventCounts } from "../event-counts.js";
import { eventsIn } from "../events.js";
import { BOOK_DISCRIMINATOR, MARKET_PROGRAM_ADDRESS, Phase } from "../generated/market/index.js";
import { WrongLengthError } from "../table.js";
import { readAccount } from "./accounts.js";
import type { MarketNews } from "./follow.js";
import type { MarketHandle } from "./handle.js";
import { ledgerKind, marketKind } from "./kinds.js";
import type { Queue } from "./queue.js";
import { received } from "./subscription.js";
import { readWindows, windowOf, type DeliveryWindow } from "./windows.js";

/** Where an account's discriminator lies, and in a book its market. */
const DISCRIMINATOR_AT = 0n;
const MARKET_AT = 8n;
/** A transaction may come over two subscriptions, one soon after the other. */
const REMEMBERED = 1_000;

export class Follower {
  readonly #counts = new EventCounts();
  /** Each window that was told of, by its start: what it was like. */
  readonly #told = new Map<bigint, string>();
  readonly #seen = new Set<Signature>();

  constructor(
    readonly market: MarketHandle,
    readonly news: Queue<MarketNews>,
  ) {}

  /** Gives what tells of their changes, until the subscription ends. */
  async subscribeToBooks(abortSignal: AbortSignal): Promise<() => Promise<void>> {
    const { connection, addresses } = this.market;
    const filters = [
      {
        memcmp: {
          offset: DISCRIMINATOR_AT,
          encoding: "base64",
          bytes: getBase64Decoder().decode(BOOK_DISCRIMINATOR) as Base64EncodedBytes,
        },
      },
      {
        memcmp: {
          offset: MARKET_AT,
          encoding: "base58",
          bytes: addresses.market as string as Base58EncodedBytes,
        },
      },
    ] as const;
    const changes = await connection.rpcSubscriptions
      .programNotifications(MARKET_PROGRAM_ADDRESS, {
        ...{ commitment: connection.commitment, encoding: "base64", filters },
      })
      .subscribe({ abortSignal });
    return received(changes, ({ value: { account } }) => {
      const book = wholeBook(getBase64Encoder().encode(account.data[0]));
      if (book) this.#tellOf(windowOf(book));
    });
  }

  /** The same of the market's events: its account counts some of them, the ledger the others. */
  subscribeToEvents(abortSignal: AbortSignal): Promise<() => Promise<void>>[] {
    const { connection, addresses } = this.market;
    return [addresses.ledger, addresses.market].map(async (account) => {
      const logs = await connection.rpcSubscriptions
        .logsNotifications({ mentions: [account] }, { commitment: connection.commitment })
        .subscribe({ abortSignal });
      return received(logs, ({ value }) => {
        if (value.err === null && value.logs) this.#takeLogs(value.signature, value.logs);
      });
    });
  }

  /** Reads counts and windows, and tells of what is another than was told. */
  async catchUp() {
    const { connection, addresses } = this.market;
    const [ledger, market, windows] = await Promise.all([
      readAccount(connection, addresses.ledger, ledgerKind()),
      readAccount(connection, addresses.market, marketKind()),
      readWindows(this.market),
    ]);
    const about = addresses.market;
    for (const [account, { events }] of [
      ["ledger", ledger],
      ["market", market],
    ] as const) {
      const gap = this.#counts.read({ account, about }, events);
      if (gap) this.news.push({ kind: "gap", gap });
    }
    for (const window of windows) this.#tellOf(window);
  }

  #takeLogs(signature: Signature, logs: readonly string[]) {
    if (this.#seen.has(signature)) return;
    this.#seen.add(signature);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(oldest);
    }
    for (const event of eventsIn(logs)) {
      const gap = this.#counts.take(event);
      this.news.push({ kind: "event", event, signature });
      if (!gap) continue;
      this.news.push({ kind: "gap", gap });
      this.catchUp().catch((reason: unknown) => this.news.push({ kind: "interrupted", reason }));
    }
  }

  #tellOf(window: DeliveryWindow) {
    const now = stateOf(window.book);
    if (window.phase === Phase.Free || this.#told.get(window.start) === now) return;
    this.#told.set(window.start, now);
    // A book holds one window at a time: those that are no longer in any were told of to the end.
    for (const start of this.#told.keys())
      if (this.#told.size > this.market.parameters.books) this.#told.delete(start);
    this.news.push({ kind: "window", window });
  }
}

/** Undefined for a book that has not grown yet, and holds no window. */
function wholeBook(data: ReadonlyUint8Array): BookTable | undefined {
  try {
    return getBookTableDecoder().decode(data);
  } catch (error) {
    if (error instanceof WrongLengthError) return undefined;
    throw error;
  }
}

/** Two states of a window that differ have another one of these. */
function stateOf({ header, orders }: BookTable): string {
  const used = orders.slice(0, header.usedOrders);
  return [
    ...[header.phase, header.orderCursor, header.seatCursor],
    ...used.map(({ state, sequence, filled }) => `${state}.${sequence}.${filled}`),
  ].join();
}
