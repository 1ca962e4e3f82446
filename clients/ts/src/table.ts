// Tables: accounts whose rows follow a header. Codama renders the header and the rows; what it can't say is how
// long the account must be for the sizes in its header.

import {
  containsBytes,
  createDecoder,
  getArrayDecoder,
  type Decoder,
  type FixedSizeDecoder,
  type ReadonlyUint8Array,
} from "@solana/kit";

/** Why an account's bytes are not the table they should be. */
export abstract class TableError extends Error {
  constructor(
    /** The table that was expected, such as "book". */
    readonly table: string,
    message: string,
  ) {
    super(message);
  }
}

/** The account is of another kind: its first eight bytes are not those of the table. */
export class WrongDiscriminatorError extends TableError {
  override readonly name = "WrongDiscriminatorError";

  constructor(table: string) {
    super(table, `the account is not a ${table}; check its address`);
  }
}

/** The account has not the length that its header asks for. */
export class WrongLengthError extends TableError {
  override readonly name = "WrongLengthError";

  constructor(
    table: string,
    /** Bytes. */
    readonly found: number,
    /** Bytes; those of the header alone if it is not complete. */
    readonly expected: number,
  ) {
    super(
      table,
      `the ${table} has ${found} bytes of ${expected}` +
        (found < expected ? "; it must be grown with growTable first" : ""),
    );
  }
}

/**
 * `decoder` for the whole bytes of an account, behind checks of its kind and its length.
 *
 * The decoder throws a {@link WrongDiscriminatorError} for an account of another kind, and a
 * {@link WrongLengthError} for one that is not as long as its header says, such as a new one that has not grown yet.
 */
export function getTableDecoder<Header, Table>(table: {
  /** As it is called in errors. */
  name: string;
  discriminator: ReadonlyUint8Array;
  header: FixedSizeDecoder<Header>;
  /** Bytes of the whole account. */
  size: (header: Header) => number;
  decoder: Decoder<Table>;
}): Decoder<Table> {
  const { name, discriminator, header, size, decoder } = table;
  return createDecoder({
    read(bytes, offset) {
      if (!containsBytes(bytes, discriminator, offset)) throw new WrongDiscriminatorError(name);
      const found = bytes.length - offset;
      if (found < header.fixedSize) throw new WrongLengthError(name, found, header.fixedSize);
      const expected = size(header.decode(bytes, offset));
      if (found !== expected) throw new WrongLengthError(name, found, expected);
      return decoder.read(bytes, offset);
    },
  });
}

/** The rows of a table by their names, in the order they lie in: what decodes one of them, and how many there are. */
export type TableRows = Readonly<
  Record<string, readonly [row: FixedSizeDecoder<unknown>, count: number]>
>;

/** A table with rows of several kinds. Its header is apart: counts in it have the names of rows. */
export type TableOf<Header, Rows extends TableRows> = Readonly<
  { header: Header } & {
    [Name in keyof Rows]: Rows[Name][0] extends FixedSizeDecoder<infer Row> ? Row[] : never;
  }
>;

/** Bytes of a table of these rows: what its rent is for. */
export function getRowsSize(header: FixedSizeDecoder<unknown>, rows: TableRows): number {
  return Object.values(rows).reduce(
    (size, [row, count]) => size + row.fixedSize * count,
    header.fixedSize,
  );
}

/** {@link getTableDecoder} for a table with rows of several kinds, which the header has the numbers of. */
export function getTableOfRowsDecoder<Header, Rows extends TableRows>(table: {
  name: string;
  discriminator: ReadonlyUint8Array;
  header: FixedSizeDecoder<Header>;
  rows: (header: Header) => Rows;
}): Decoder<TableOf<Header, Rows>> {
  const { header, rows } = table;
  return getTableDecoder({
    ...table,
    size: (found) => getRowsSize(header, rows(found)),
    decoder: createDecoder({
      read(bytes, start) {
        let [found, offset] = header.read(bytes, start);
        const sections = Object.entries(rows(found)).map(([name, [row, count]]) => {
          const [taken, end] = getArrayDecoder(row, { size: count }).read(bytes, offset);
          offset = end;
          return [name, taken];
        });
        return [{ header: found, ...Object.fromEntries(sections) }, offset];
      },
    }),
  });
}

/** Element number `number`, from 0 on, of row `row`, where rows of `length` elements lie one behind the other; undefined beyond. */
export function elementOf<Element>(
  elements: readonly Element[],
  length: number,
  row: number,
  number: number,
): Element | undefined {
  return number >= 0 && number < length ? elements[row * length + number] : undefined;
}
