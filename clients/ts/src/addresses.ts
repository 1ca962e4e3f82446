// Where a community's accounts are. The same rules as the Rust client's (clients/rust/src/addresses.rs);
// clients/fixtures holds both to the programs.

import type { Address } from "@solana/kit";

import { programSigner } from "./door.js";
import {
  findAdmissionPda,
  findBookPda,
  findHistoryPda,
  findHoldPda,
  findLedgerPda,
  findMarketPda,
  findPagePda,
  findStandingOrdersPda,
  findVaultPda,
  type Market,
} from "./generated/market/index.js";
import { findMeterTablePda, findPagePda as findIntervalPagePda } from "./generated/oracle/index.js";
import { findParticipantPda } from "./generated/registry/index.js";
import { lastBoundary, ringSlot } from "./ring.js";

/** What the addresses of a market and of its rings depend on. */
export type Rings = Readonly<{
  /** The market's number among the community's. */
  market: number;
  /** Length of a window, and of an interval, in seconds. */
  windowSeconds: number;
  /** Windows, and intervals, of a page. */
  pageWindows: number;
  /** Slots of the market's book ring. */
  books: number;
  /** Slots of the market's page ring, and of the meter table's. */
  pages: number;
}>;

/** The accounts of which there is one. */
type Single = "meterTable" | "market" | "vault" | "ledger" | "history" | "standingOrders";

/**
 * The accounts of one community and its market. Everything follows from the community's address, the token's, the
 * market's number and the sizes of its rings.
 *
 * A time, unix seconds, stands for the window or the page that holds it.
 */
export class Addresses {
  readonly meterTable: Address;
  readonly market: Address;
  readonly vault: Address;
  readonly ledger: Address;
  readonly history: Address;
  readonly standingOrders: Address;

  private constructor(
    readonly community: Address,
    readonly quoteMint: Address,
    readonly tokenProgram: Address,
    readonly rings: Rings,
    found: Record<Single, Address>,
  ) {
    this.meterTable = found.meterTable;
    this.market = found.market;
    this.vault = found.vault;
    this.ledger = found.ledger;
    this.history = found.history;
    this.standingOrders = found.standingOrders;
  }

  /** Of a community whose market is to have these rings. */
  static async of(
    community: Address,
    quoteMint: Address,
    tokenProgram: Address,
    rings: Rings,
  ): Promise<Addresses> {
    const [market] = await findMarketPda({ community, number: rings.market });
    const [[meterTable], [vault], [ledger], [history], [standingOrders]] = await Promise.all([
      findMeterTablePda({ community }),
      findVaultPda({ market }),
      findLedgerPda({ market }),
      findHistoryPda({ market }),
      findStandingOrdersPda({ market }),
    ]);
    const found = { meterTable, market, vault, ledger, history, standingOrders };
    return new Addresses(community, quoteMint, tokenProgram, rings, found);
  }

  /** Of a community whose market exists. */
  static ofMarket(
    market: Pick<
      Market,
      "community" | "quoteMint" | "tokenProgram" | "number" | Exclude<keyof Rings, "market">
    >,
  ): Promise<Addresses> {
    const { number, windowSeconds, pageWindows, books, pages } = market;
    const rings = { market: number, windowSeconds, pageWindows, books, pages };
    return Addresses.of(market.community, market.quoteMint, market.tokenProgram, rings);
  }

  /** The record of whoever owns `wallet`. */
  async participant(wallet: Address): Promise<Address> {
    const [address] = await findParticipantPda({ community: this.community, wallet });
    return address;
  }

  /** That of a program which seats may hold money for. */
  async admission(program: Address): Promise<Address> {
    const [address] = await findAdmissionPda({ market: this.market, program });
    return address;
  }

  /** What the seat holds for `program`. */
  async holdOf(program: Address, seat: number): Promise<Address> {
    const [address] = await findHoldPda({ admission: await this.admission(program), seat });
    return address;
  }

  /** Signs for `program`, which alone can. */
  programSigner(program: Address): Promise<Address> {
    return programSigner(this.market, program);
  }

  /** A slot of the market's book ring. */
  async bookSlot(slot: number): Promise<Address> {
    const [address] = await findBookPda({ market: this.market, slot });
    return address;
  }

  /** A slot of the market's page ring. */
  async pageSlot(slot: number): Promise<Address> {
    const [address] = await findPagePda({ market: this.market, slot });
    return address;
  }

  /** A slot of the meter table's page ring. */
  async intervalPageSlot(slot: number): Promise<Address> {
    const [address] = await findIntervalPagePda({ meterTable: this.meterTable, slot });
    return address;
  }

  /** The orders of the window at `time`. */
  book(time: bigint): Promise<Address> {
    return this.bookSlot(slotAt(time, this.rings.windowSeconds, this.rings.books));
  }

  /** What the windows of the page at `time` leave behind. */
  page(time: bigint): Promise<Address> {
    return this.pageSlot(slotAt(time, this.pageSeconds, this.rings.pages));
  }

  /** What meters moved in the intervals of the page at `time`. */
  intervalPage(time: bigint): Promise<Address> {
    return this.intervalPageSlot(slotAt(time, this.pageSeconds, this.rings.pages));
  }

  /** Length of a page, seconds. */
  get pageSeconds(): number {
    return this.rings.windowSeconds * this.rings.pageWindows;
  }

  /** The start of the window at `time`, unix seconds. */
  windowStart(time: bigint): bigint {
    return lastBoundary(time, this.rings.windowSeconds);
  }

  /** The start of the page at `time`, unix seconds. */
  pageStart(time: bigint): bigint {
    return lastBoundary(time, this.pageSeconds);
  }

  /** Which of its page's windows the one at `time` is, from 0 on. */
  windowNumber(time: bigint): number {
    const length = this.rings.windowSeconds;
    return length > 0 ? Number((time - this.pageStart(time)) / BigInt(length)) : 0;
  }
}

/** The slot for the window or the page at `time`; 0 in a ring without lengths or slots. */
function slotAt(time: bigint, length: number, slots: number): number {
  return ringSlot(lastBoundary(time, length), length, slots) ?? 0;
}
