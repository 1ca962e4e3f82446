// What can go wrong before a program is asked, and around it. Each says what is wrong; what to do. What a program
// refuses is a RefusedError.

import type { Address, Signature } from "@solana/kit";

import type { PendingTransaction } from "./connection/fate.js";

/** Whatever this package throws itself, but for errors of numbers ({@link UnitError}) and tables ({@link TableError}). */
export abstract class JoulebookError extends Error {}

/** The endpoint does not answer, or not with what was asked for. */
export class UnreachableError extends JoulebookError {
  override readonly name = "UnreachableError";
  /** Without path and query, which may hold a key. */
  readonly origin: string;

  constructor(
    url: string,
    /** Of HTTP; undefined if there was no answer at all. */
    readonly status: number | undefined,
    options?: ErrorOptions,
  ) {
    const { origin } = new URL(url);
    super(
      status === undefined
        ? `the endpoint ${origin} does not answer; check its URL and the network, and that the node runs`
        : `the endpoint ${origin} answers with status ${status}; check its URL and your rights there, or ask less often`,
      options,
    );
    this.origin = origin;
  }
}

/** The chain is not the one that the meter table was made for. */
export class WrongClusterError extends JoulebookError {
  override readonly name = "WrongClusterError";

  constructor(
    /** Of the chain that was asked. */
    readonly genesisHash: string,
    /** Of the chain that the meters are tied to. */
    readonly expected: string,
  ) {
    super(
      `the market's meters are tied to the chain with the genesis hash ${expected}, and this one has ${genesisHash}; ` +
        "check the endpoint's URL and the market's address",
    );
  }
}

/** A program is not there, or can't be run. */
export class MissingProgramError extends JoulebookError {
  override readonly name = "MissingProgramError";

  constructor(
    readonly program: string,
    readonly address: Address,
  ) {
    super(
      `the program ${program} is not deployed at ${address} on this chain; ` +
        "check the endpoint's URL, or deploy the programs",
    );
  }
}

/** There is no account at an address. */
export class MissingAccountError extends JoulebookError {
  override readonly name = "MissingAccountError";

  constructor(
    /** What it should have been, such as "market". */
    readonly kind: string,
    readonly address: Address,
  ) {
    super(
      `there is no ${kind} at ${address}; check the address, and that the chain is the right one`,
    );
  }
}

/** The account is of another program, of another kind, or of a version that this package does not read. */
export class WrongLayoutError extends JoulebookError {
  override readonly name = "WrongLayoutError";

  constructor(
    readonly kind: string,
    readonly address: Address,
    why: string,
    options?: ErrorOptions,
  ) {
    super(
      `the account at ${address} can't be read as a ${kind}: ${why}; ` +
        "check the address, and that this package is as old as the programs",
      options,
    );
  }
}

/** The chain's clock is far behind this machine's. */
export class LaggingClockError extends JoulebookError {
  override readonly name = "LaggingClockError";

  constructor(
    /** Seconds. */
    readonly lag: number,
  ) {
    super(
      `the chain's clock is ${lag} s behind this machine's; check this machine's clock, wait until the node has ` +
        "caught up, or allow more with maxClockLag",
    );
  }
}

/** The wallet is no participant of the community, or has no seat. */
export class NoSeatError extends JoulebookError {
  override readonly name = "NoSeatError";

  constructor(
    readonly wallet: Address,
    why: string,
  ) {
    super(`${wallet} has no seat in this market: ${why}`);
  }
}

/** No window is open, or not the one that was asked for. */
export class NotOpenError extends JoulebookError {
  override readonly name = "NotOpenError";

  constructor(
    /** Unix seconds. */
    readonly start: bigint,
  ) {
    super(
      `no book holds the window that starts at ${start}; it is open from its horizon to its gate, once a keeper has opened it`,
    );
  }
}

/** A wallet has too little to pay with. */
export class EmptyWalletError extends JoulebookError {
  override readonly name = "EmptyWalletError";

  constructor(
    readonly wallet: Address,
    readonly currency: "lamports" | "tokens",
    options?: ErrorOptions,
  ) {
    super(
      currency === "lamports"
        ? `${wallet} can't pay the transaction's fee or rent; send SOL to it`
        : `${wallet} has fewer tokens than are to be deposited; send tokens to it, or deposit less`,
      options,
    );
  }
}

/** An order with this client id stands already, and is another one. */
export class ClientIdUsedError extends JoulebookError {
  override readonly name = "ClientIdUsedError";

  constructor(readonly clientId: number) {
    super(
      `the seat has another live order with the client id ${clientId} in this window; choose another id, or cancel that order`,
    );
  }
}

/** The transaction failed, and not because one of the three programs refused it. */
export class TransactionFailedError extends JoulebookError {
  override readonly name = "TransactionFailedError";

  constructor(
    message: string,
    readonly logs: readonly string[],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A wallet has signed with a blockhash other than the one it was given, and the chain does not know it. Nothing was sent. */
export class ChangedLifetimeError extends JoulebookError {
  override readonly name = "ChangedLifetimeError";

  constructor(
    /** What it signed with. */
    readonly lifetime: string,
  ) {
    super(
      `the wallet has signed with the blockhash ${lifetime}, which this chain does not know, so nobody could tell when it expires; ` +
        "try again, let the wallet use this chain, or use another wallet",
    );
  }
}

/** The transaction has not landed, and can't any more: what it was for may be done again. */
export class ExpiredError extends JoulebookError {
  override readonly name = "ExpiredError";

  constructor(
    readonly signature: Signature,
    /** Since this slot, which is finalized, no block takes it. What is read of a later one is what has become of things. */
    readonly slot: bigint,
    options?: ErrorOptions,
  ) {
    super(
      `the transaction ${signature} has not landed and its blockhash has expired, so it never will; try again`,
      options,
    );
  }
}

/** The transaction may have landed or not, or land yet: the endpoint no longer answers, or nobody waits any longer. */
export class FateUnknownError extends JoulebookError {
  override readonly name: string = "FateUnknownError";
  readonly signature: Signature;

  constructor(
    /** What the wait can be taken up with. */
    readonly pending: PendingTransaction,
    options?: ErrorOptions,
  ) {
    const { signature } = pending;
    super(
      `nobody says yet what became of the transaction ${signature}; wait for it with finalFateOf before anything is done ` +
        "again, or repeat the call with its client ids and `pending`",
      options,
    );
    this.signature = signature;
  }
}

/** The transaction may have landed or not, and lands no more; the endpoint's ledger begins after it was signed, or it does not say. */
export class ForgottenError extends FateUnknownError {
  override readonly name = "ForgottenError";
  override readonly message =
    `the endpoint does not know what has landed since the transaction ${this.signature} was signed; ask an endpoint that keeps its history, or look ` +
    "at the accounts, before anything is done again";
}

const CO_SIGNATURE_FAULTS = {
  none: "this is no transaction; have it made anew",
  unknownKind: "the transaction does something that nobody may ask for this way; don't sign it",
  bent: "the transaction does more than what it says; don't sign it",
  youPay: "you would pay for this transaction, which whoever asks for it should; don't sign it",
  forAnother: "another wallet has to sign this; give it to whom it is for",
  badSignature:
    "the signature of whoever asks is missing or wrong: the transaction was changed on its way; have it made anew",
  used: "the transaction was used, or taken back by whoever made it; have it made anew if it is still wanted",
  changed:
    "the wallet has changed the transaction instead of signing it as it is; use another wallet",
  wallet: "the wallet signs no transactions of others; use another one",
} as const;

/** A transaction that asks for a second signature can't be signed. */
export class CoSignatureError extends JoulebookError {
  override readonly name = "CoSignatureError";

  constructor(
    readonly fault: keyof typeof CO_SIGNATURE_FAULTS,
    /** Whom it is for, or whose signature is wrong. */
    readonly wallet?: Address,
    options?: ErrorOptions,
  ) {
    super(CO_SIGNATURE_FAULTS[fault] + (wallet === undefined ? "" : ` (${wallet})`), options);
  }
}
