// Codecs of single numbers, in their units. The generated codecs use these for the fields that codegen/units.mjs
// names, so that decoded accounts, events and instructions carry units, and instructions take them.

import {
  getI32Decoder,
  getI32Encoder,
  getI64Decoder,
  getI64Encoder,
  getU16Decoder,
  getU16Encoder,
  getU32Decoder,
  getU32Encoder,
  getU64Decoder,
  getU64Encoder,
  type FixedSizeDecoder,
  type FixedSizeEncoder,
} from "@solana/kit";

import type { Atoms, MilliAtoms, NetMilliAtoms, Price, Tick, Watts, Wh, WhSum } from "./units.js";

export type { Atoms, MilliAtoms, NetMilliAtoms, Price, Tick, Watts, Wh, WhSum } from "./units.js";
// What the renderer calls the input of a type.
export type {
  Atoms as AtomsArgs,
  MilliAtoms as MilliAtomsArgs,
  NetMilliAtoms as NetMilliAtomsArgs,
  Price as PriceArgs,
  Tick as TickArgs,
  Watts as WattsArgs,
  Wh as WhArgs,
  WhSum as WhSumArgs,
} from "./units.js";

/** The chain has checked these numbers, and their bits are their bounds: their brand is only put on. */
function branded<Base, Size extends number, Unit extends Base>(
  decoder: FixedSizeDecoder<Base, Size>,
): FixedSizeDecoder<Unit, Size> {
  return decoder as FixedSizeDecoder<unknown, Size> as FixedSizeDecoder<Unit, Size>;
}

export const getWhEncoder = (): FixedSizeEncoder<Wh, 4> => getU32Encoder();
export const getWhDecoder = (): FixedSizeDecoder<Wh, 4> => branded(getU32Decoder());
export const getWattsEncoder = (): FixedSizeEncoder<Watts, 4> => getU32Encoder();
export const getWattsDecoder = (): FixedSizeDecoder<Watts, 4> => branded(getU32Decoder());
export const getPriceEncoder = (): FixedSizeEncoder<Price, 4> => getI32Encoder();
export const getPriceDecoder = (): FixedSizeDecoder<Price, 4> => branded(getI32Decoder());
export const getTickEncoder = (): FixedSizeEncoder<Tick, 2> => getU16Encoder();
export const getTickDecoder = (): FixedSizeDecoder<Tick, 2> => branded(getU16Decoder());
export const getWhSumEncoder = (): FixedSizeEncoder<WhSum, 8> => getU64Encoder();
export const getWhSumDecoder = (): FixedSizeDecoder<WhSum, 8> => branded(getU64Decoder());
export const getAtomsEncoder = (): FixedSizeEncoder<Atoms, 8> => getU64Encoder();
export const getAtomsDecoder = (): FixedSizeDecoder<Atoms, 8> => branded(getU64Decoder());
export const getMilliAtomsEncoder = (): FixedSizeEncoder<MilliAtoms, 8> => getU64Encoder();
export const getMilliAtomsDecoder = (): FixedSizeDecoder<MilliAtoms, 8> => branded(getU64Decoder());
export const getNetMilliAtomsEncoder = (): FixedSizeEncoder<NetMilliAtoms, 8> => getI64Encoder();
export const getNetMilliAtomsDecoder = (): FixedSizeDecoder<NetMilliAtoms, 8> =>
  branded(getI64Decoder());
