/** Why an account's bytes are not the table they should be. */
export abstract class TableError extends Error {
  constructor(
    /** The table that was expected, such as "window". */
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
    readonly found: number,
    readonly expected: number,
  ) {
    super(
      table,
      `the ${table} has ${found} bytes of ${expected}` +
        (found < expected ? "; it must be grown with growTable first" : ""),
    );
  }
}
