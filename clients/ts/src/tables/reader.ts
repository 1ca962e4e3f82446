import { containsBytes, type FixedSizeDecoder, type ReadonlyUint8Array } from "@solana/kit";

import { WrongDiscriminatorError, WrongLengthError } from "./error.js";

/** A slice behind a table's header. */
type Slice<Row> = readonly [decoder: FixedSizeDecoder<Row>, count: number];
type Rows<Slices extends readonly Slice<unknown>[]> = {
  [Index in keyof Slices]: Slices[Index] extends Slice<infer Row> ? Row[] : never;
};

/** Decodes a table's header, then the slices whose lengths the header gives. */
export function readTable<Header, const Slices extends readonly Slice<unknown>[]>(
  data: ReadonlyUint8Array,
  kind: Readonly<{
    name: string;
    discriminator: ReadonlyUint8Array;
    header: FixedSizeDecoder<Header>;
    slices: (header: Header) => Slices;
  }>,
): { header: Header; rows: Rows<Slices> } {
  if (!containsBytes(data, kind.discriminator, 0)) throw new WrongDiscriminatorError(kind.name);
  const headerLength = kind.header.fixedSize;
  if (data.length < headerLength) throw new WrongLengthError(kind.name, data.length, headerLength);
  const header = kind.header.decode(data);
  const slices = kind.slices(header);
  const expected = slices.reduce(
    (length, [decoder, count]) => length + decoder.fixedSize * count,
    headerLength,
  );
  if (data.length !== expected) throw new WrongLengthError(kind.name, data.length, expected);

  let offset = headerLength;
  const rows = slices.map(([decoder, count]) =>
    Array.from({ length: count }, () => {
      const [row, end] = decoder.read(data, offset);
      offset = end;
      return row;
    }),
  );
  return { header, rows: rows as Rows<Slices> };
}
