// What a program refused, in its own words: in production builds too, where those that Codama renders are silent.

import {
  getSolanaErrorFromTransactionError,
  isSolanaError,
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  SOLANA_ERROR__INSTRUCTION_ERROR__INSUFFICIENT_FUNDS,
  SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_NOT_FOUND,
  SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_FEE,
  SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_RENT,
  type Address,
  type TransactionError,
} from "@solana/kit";

import { EmptyWalletError, JoulebookError, TransactionFailedError } from "./errors.js";
import { MARKET_PROGRAM_ADDRESS } from "./generated/market/programs/index.js";
import { ORACLE_PROGRAM_ADDRESS } from "./generated/oracle/programs/index.js";
import { PROGRAM_ERRORS } from "./generated/program-errors.js";
import { REGISTRY_PROGRAM_ADDRESS } from "./generated/registry/programs/index.js";

/** A row of the table that is made from the IDLs. */
export type ProgramError = (typeof PROGRAM_ERRORS)[keyof typeof PROGRAM_ERRORS];

/** The names of all errors of the three programs. The same fault has the same name in each. */
export type RefusalName = ProgramError["name"];

/** One of the three programs refused an instruction. The message is the program's own: what is wrong; what to do. */
export class RefusedError extends JoulebookError {
  override readonly name = "RefusedError";

  constructor(
    /** Such as "BookFull"; an error of Anchor's own has its name there. */
    readonly reason: RefusalName | (string & {}),
    message: string,
    /** "registry", "oracle", "market", or what the log says. */
    readonly program: string,
    readonly code: number,
    /** Of the transaction, or of its simulation; empty if nobody kept them. */
    readonly logs: readonly string[],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Whether a program refused something for this reason, such as "GateClosed". */
export function isRefusal(error: unknown, reason: RefusalName): error is RefusedError {
  return error instanceof RefusedError && error.reason === reason;
}

/** What is known of a transaction that failed, beside its error. */
export type Failure = Readonly<{
  logs?: readonly string[] | null | undefined;
  payer?: Address | undefined;
}>;

/** An error in the program's words, as far as there are any. What is no error of a transaction comes back as it is. */
export function explain(error: unknown, failure: Failure = {}): unknown {
  if (error instanceof JoulebookError) return error;
  const logs = failure.logs ?? logsOf(error) ?? [];
  const isShort = logs.some((line) => INSUFFICIENT.test(line));
  if (isShort && failure.payer)
    return new EmptyWalletError(failure.payer, "lamports", { cause: error });
  for (const cause of causesOf(error)) {
    // Such as in what kit says of a plan that failed.
    if (cause instanceof JoulebookError) return cause;
    if (isSolanaError(cause, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM))
      return refusal(Number(cause.context.code), logs, error);
    const isBroke =
      isSolanaError(cause, SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_FEE) ||
      isSolanaError(cause, SOLANA_ERROR__TRANSACTION_ERROR__INSUFFICIENT_FUNDS_FOR_RENT) ||
      isSolanaError(cause, SOLANA_ERROR__INSTRUCTION_ERROR__INSUFFICIENT_FUNDS) ||
      // That of the payer: any other account is looked for by the programs.
      isSolanaError(cause, SOLANA_ERROR__TRANSACTION_ERROR__ACCOUNT_NOT_FOUND);
    if (isBroke && failure.payer)
      return new EmptyWalletError(failure.payer, "lamports", { cause: error });
  }
  return error;
}

/** The error of a transaction that landed and failed, as its status has it. */
export function explainStatus(error: TransactionError, failure: Failure): unknown {
  const found = getSolanaErrorFromTransactionError(error);
  const explained = explain(found, failure);
  if (explained !== found) return explained;
  return new TransactionFailedError(
    `the transaction failed: ${found.message}; see its logs`,
    failure.logs ?? [],
    { cause: found },
  );
}

function refusal(code: number, logs: readonly string[], cause: unknown): JoulebookError {
  // Programs of others have these codes, too. The innermost one that failed says whose it is, if there is a log.
  const known = (PROGRAM_ERRORS as Record<number, ProgramError | undefined>)[code];
  if (known && isOurs(logs))
    return new RefusedError(known.name, known.message, known.program, code, logs, { cause });
  const said = anchorError(logs);
  if (said?.code === code)
    return new RefusedError(said.name, said.message, said.program, code, logs, { cause });
  return new TransactionFailedError(
    `a program failed with its error ${code}; see the transaction's logs`,
    logs,
    { cause },
  );
}

const OUR_PROGRAMS: readonly string[] = [
  REGISTRY_PROGRAM_ADDRESS,
  ORACLE_PROGRAM_ADDRESS,
  MARKET_PROGRAM_ADDRESS,
];
/** What the system program logs. */
const INSUFFICIENT = /^(Transfer|Create Account): insufficient lamports/;
const FAILED = /^Program (\w{32,44}) failed: /;

function isOurs(logs: readonly string[]): boolean {
  const failed = logs.map((line) => FAILED.exec(line)?.[1]).find((program) => program);
  return failed === undefined || OUR_PROGRAMS.includes(failed);
}

const ANCHOR =
  /Program log: AnchorError.* Error Code: (\w+)\. Error Number: (\d+)\. Error Message: (.*?)\.?$/;

/** What Anchor logs of its own errors, which are in no IDL: an account that is missing, of another kind, and so on. */
function anchorError(logs: readonly string[]) {
  const program = logs.map((line) => FAILED.exec(line)?.[1]).find((found) => found) ?? "unknown";
  for (const line of logs) {
    const [, name, code, message] = ANCHOR.exec(line) ?? [];
    if (name && message)
      return { name, code: Number(code), message: `${message} (${name})`, program };
  }
  return undefined;
}

function* causesOf(error: unknown): Generator<unknown> {
  for (let cause = error; cause instanceof Error; cause = cause.cause) yield cause;
}

function logsOf(error: unknown): readonly string[] | undefined {
  for (const cause of causesOf(error)) {
    const { context } = cause as { context?: { logs?: unknown } };
    if (Array.isArray(context?.logs)) return context.logs as string[];
  }
  return undefined;
}
