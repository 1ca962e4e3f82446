import {
  getAddressDecoder,
  getStructDecoder,
  getU16Decoder,
  getU8Decoder,
  type Address,
  type ReadonlyUint8Array,
} from "@solana/kit";

import {
  getLedgerDecoder,
  getLedgerSize,
  LEDGER_DISCRIMINATOR,
  type Ledger,
} from "../generated/market/index.js";
import type { MilliAtoms, NetWh, WhSum } from "../units.js";
import { readTable } from "./reader.js";
import { milliAtoms, netWh, reserved, whSum } from "./units.js";

/** A market's money; a seat's place is its participant's index. */
export type LedgerTable = Readonly<{ header: Ledger; seats: Seat[] }>;

/** A participant's account in the market. */
export type Seat = Readonly<{
  owner: Address;
  /** May enter and cancel orders; all zero for nobody. */
  delegate: Address;
  /** At the owner's disposal. */
  free: MilliAtoms;
  /** What orders and sells to be delivered may cost. */
  locked: MilliAtoms;
  /** Owed to the supplier. */
  debt: MilliAtoms;
  /** Estimated and not yet measured. */
  estimated: NetWh;
  /** Totals over all settled windows. */
  bought: WhSum;
  sold: WhSum;
  imported: WhSum;
  exported: WhSum;
  /** Windows with orders or contracts not yet settled. */
  engaged: number;
  /** Windows in a row in which a meter was estimated. */
  estimatedWindows: number;
  /** A {@link SeatStatus}. */
  status: number;
}>;

export enum SeatStatus {
  Vacant = 0,
  Open = 1,
}

const seat = getStructDecoder([
  ["owner", getAddressDecoder()],
  ["delegate", getAddressDecoder()],
  ["free", milliAtoms],
  ["locked", milliAtoms],
  ["debt", milliAtoms],
  ["estimated", netWh],
  ["bought", whSum],
  ["sold", whSum],
  ["imported", whSum],
  ["exported", whSum],
  ["engaged", getU16Decoder()],
  ["estimatedWindows", getU16Decoder()],
  ["status", getU8Decoder()],
  ["reserved", reserved(3)],
]);

/** Throws a TableError if the bytes are not a full ledger. */
export function decodeLedgerTable(data: ReadonlyUint8Array): LedgerTable {
  const { header, rows } = readTable(data, {
    name: "ledger",
    discriminator: LEDGER_DISCRIMINATOR,
    header: getLedgerDecoder(),
    slices: ({ capacity }) => [[seat, capacity]],
  });
  const [seats] = rows;
  return { header, seats };
}

/** Bytes of a ledger for so many seats: what its rent is for. */
export function ledgerLength(seats: number): number {
  return getLedgerSize() + seats * seat.fixedSize;
}
