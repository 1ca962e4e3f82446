// Decoders of single fields, in their units.

import {
  fixDecoderSize,
  getBytesDecoder,
  getI64Decoder,
  getU16Decoder,
  getU32Decoder,
  getU64Decoder,
  type FixedSizeDecoder,
} from "@solana/kit";

import type { MilliAtoms, NetWh, Price, Tick, Watts, Wh, WhSum } from "../units.js";

// The chain has checked these numbers, so their brands are only put on.
export const wh = getU32Decoder() as FixedSizeDecoder<number, 4> as FixedSizeDecoder<Wh, 4>;
export const watts = getU32Decoder() as FixedSizeDecoder<number, 4> as FixedSizeDecoder<Watts, 4>;
export const price = getU32Decoder() as FixedSizeDecoder<number, 4> as FixedSizeDecoder<Price, 4>;
export const tick = getU16Decoder() as FixedSizeDecoder<number, 2> as FixedSizeDecoder<Tick, 2>;
export const whSum = getU64Decoder() as FixedSizeDecoder<bigint, 8> as FixedSizeDecoder<WhSum, 8>;
export const netWh = getI64Decoder() as FixedSizeDecoder<bigint, 8> as FixedSizeDecoder<NetWh, 8>;
export const milliAtoms = getU64Decoder() as FixedSizeDecoder<bigint, 8> as FixedSizeDecoder<
  MilliAtoms,
  8
>;
export const reserved = (length: number) => fixDecoderSize(getBytesDecoder(), length);
