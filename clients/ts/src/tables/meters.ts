import {
  fixDecoderSize,
  getBytesDecoder,
  getI64Decoder,
  getStructDecoder,
  getU16Decoder,
  getU64Decoder,
  getU8Decoder,
  type ReadonlyUint8Array,
} from "@solana/kit";

import {
  getMeterTableDecoder,
  getMeterTableSize,
  METER_TABLE_DISCRIMINATOR,
  type MeterTable,
} from "../generated/oracle/index.js";
import type { Watts, WhSum } from "../units.js";
import { readTable } from "./reader.js";
import { watts, whSum } from "./units.js";

/** A community's meters; a meter's place is its number. */
export type MeterRecords = Readonly<{ header: MeterTable; meters: Meter[] }>;

export type Meter = Readonly<{
  /** Ed25519 public key that signs its readings. */
  device: ReadonlyUint8Array;
  /** Boundary of the last accepted reading, unix seconds. */
  boundary: bigint;
  /** Highest sequence used up. */
  sequence: bigint;
  /** Registers at the boundary. */
  import: WhSum;
  export: WhSum;
  /** Energy of intervals already settled, to be counted in the next one. */
  carriedImport: WhSum;
  carriedExport: WhSum;
  /** The most the connection can carry each way. */
  maxImport: Watts;
  maxExport: Watts;
  /** Index of the participant it belongs to. */
  participant: number;
  /** Index into the community's zones. */
  zone: number;
  /** An {@link AssetKind}. */
  assetKind: number;
  /** An {@link EnergySource}. */
  source: number;
  /** A {@link MeterStatus}. */
  status: number;
  /** Signed readings that no honest meter could have sent, since it was last verified. */
  violations: number;
  /** 1 if the next entry is a catch-up. */
  behind: number;
}>;

export enum MeterStatus {
  Unused = 0,
  Active = 1,
  Quarantined = 2,
  Retired = 3,
}

export enum AssetKind {
  Load = 0,
  Photovoltaics = 1,
  Battery = 2,
  Car = 3,
  HeatPump = 4,
  Mixed = 5,
}

export enum EnergySource {
  None = 0,
  Sun = 1,
  Wind = 2,
  Water = 3,
  Biomass = 4,
  Storage = 5,
  Other = 6,
}

const meter = getStructDecoder([
  ["device", fixDecoderSize(getBytesDecoder(), 32)],
  ["boundary", getI64Decoder()],
  ["sequence", getU64Decoder()],
  ["import", whSum],
  ["export", whSum],
  ["carriedImport", whSum],
  ["carriedExport", whSum],
  ["maxImport", watts],
  ["maxExport", watts],
  ["participant", getU16Decoder()],
  ["zone", getU8Decoder()],
  ["assetKind", getU8Decoder()],
  ["source", getU8Decoder()],
  ["status", getU8Decoder()],
  ["violations", getU8Decoder()],
  ["behind", getU8Decoder()],
]);

/** Throws a TableError if the bytes are not a full meter table. */
export function decodeMeterRecords(data: ReadonlyUint8Array): MeterRecords {
  const { header, rows } = readTable(data, {
    name: "meter table",
    discriminator: METER_TABLE_DISCRIMINATOR,
    header: getMeterTableDecoder(),
    slices: ({ capacity }) => [[meter, capacity]],
  });
  const [meters] = rows;
  return { header, meters };
}

/** Bytes of a table of so many meters: what its rent is for. */
export function meterTableLength(meters: number): number {
  return getMeterTableSize() + meters * meter.fixedSize;
}
