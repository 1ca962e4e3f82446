// What was signed and nobody knows of: whatever is done next waits for it, so that nothing is done twice by mistake. It was signed by
// this page, or by one that was loaded before it.

import {
  EmptyWalletError,
  ExpiredError,
  fateOf,
  FateUnknownError,
  finalFateOf,
  ForgottenError,
  RefusedError,
  TransactionFailedError,
  type Connection,
  type MarketHandle,
  type PendingTransaction,
  type SendOptions,
} from "@joulebook/client";

import { NotSignedError } from "../../wallet/signer";
import { forget, keep, keyOf, readKept, type Fate, type Unsettled, type Whose } from "./kept";
import { alone } from "./running";

/** The transaction of before has landed after all. Nothing was sent now: whoever still wants to says so again. */
export class LandedAfterAllError extends Error {
  override readonly name = "LandedAfterAllError";
}

/** A chain's height is never so far below the last block that takes a transaction: then it is of no transaction of this chain. */
const FARTHEST_BLOCKS = 1_000n;

export type Acting = Readonly<{ connection: Connection }> &
  Pick<MarketHandle, "trader"> & { addresses: Pick<MarketHandle["addresses"], "market"> };

/** By market and wallet. What is on its way in this page is not among them: nothing else is sent meanwhile. */
const lists = new Map<string, readonly Unsettled[]>();
const lookups = new Map<string, Promise<Fate>>();
const listeners = new Set<() => void>();

export const whoseOf = ({ addresses, trader }: Omit<Acting, "connection">): Whose => ({
  market: addresses.market,
  wallet: trader.address,
});

/** The same list until it changes. */
export function unsettledOf(whose: Whose): readonly Unsettled[] {
  const key = keyOf(whose);
  const known = lists.get(key);
  if (known) return known;
  const read = readKept(whose);
  lists.set(key, read);
  return read;
}

export function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** It was told what became of it. */
export function dismiss(whose: Whose, signature: string) {
  forget(whose, signature);
  change(whose, (list) => list.filter(({ pending }) => pending.signature !== signature));
}

/** Waits until it is certain what became of it. Throws a FateUnknownError if nobody says. */
export function settled(connection: Connection, whose: Whose, before: Unsettled): Promise<Fate> {
  const { pending } = before;
  const { signature } = pending;
  const running = lookups.get(signature);
  if (running) return running;
  const lookup = lookUp(connection, whose, before).finally(() => lookups.delete(signature));
  lookups.set(signature, lookup);
  return lookup;
}

async function lookUp(connection: Connection, whose: Whose, before: Unsettled): Promise<Fate> {
  const { pending } = before;
  const { signature } = pending;
  if (await isImpossible(connection, pending)) {
    dismiss(whose, signature);
    return "expired";
  }
  const kind = await finalFateOf(connection, pending).then(
    (fate): Fate => fate.kind,
    (error: unknown): Fate => {
      if (error instanceof ForgottenError) return "forgotten";
      throw error;
    },
  );
  // A page that is loaded again tells it again, until it is read.
  keep(whose, { ...before, fate: kind });
  change(whose, (list) =>
    list.map((each) => (each.pending.signature === signature ? { ...each, fate: kind } : each)),
  );
  return kind;
}

/** Of what the storage had: nothing that was signed here waits for such a block, and nobody would see it expire. */
async function isImpossible(connection: Connection, pending: PendingTransaction) {
  if (pending.wire !== undefined || !("lastValidBlockHeight" in pending)) return false;
  try {
    const { absoluteSlot, blockHeight } = await connection.rpc
      .getEpochInfo({ commitment: connection.commitment })
      .send();
    if (pending.lastValidBlockHeight <= blockHeight + FARTHEST_BLOCKS) return false;
    // The node may be behind.
    if (pending.signedAfter !== undefined && absoluteSlot < pending.signedAfter) return false;
    return (await fateOf(connection, pending.signature)).kind === "unknown";
  } catch {
    // Whoever waits for its fate says that the endpoint does not answer.
    return false;
  }
}

/** What other tabs have signed meanwhile, and what they know of it. */
function merge(whose: Whose) {
  const kept = new Map(readKept(whose).map((each) => [each.pending.signature, each]));
  change(whose, (list) => {
    const known = list.map((each) => {
      const fate = each.fate ?? kept.get(each.pending.signature)?.fate;
      kept.delete(each.pending.signature);
      return fate ? { ...each, fate } : each;
    });
    return [...known, ...kept.values()];
  });
}

/**
 * Acts once it is certain what became of all that was signed before. Throws a LandedAfterAllError or, once, a ForgottenError if
 * nobody knows any more; an OnItsWayError while another act
 * of the wallet is on its way, or what `act` throws. `what` says what is signed: what was told to have landed is in the way of the
 * same alone.
 */
export function actSettled<Result>(
  acting: Acting,
  what: string,
  act: (options: SendOptions) => Promise<Result>,
): Promise<Result> {
  const whose = whoseOf(acting);
  return alone(whose, what, () => actNext(acting, whose, what, act));
}

async function actNext<Result>(
  acting: Acting,
  whose: Whose,
  what: string,
  act: (options: SendOptions) => Promise<Result>,
): Promise<Result> {
  merge(whose);
  const found = new Map<string, Unsettled & { fate: Fate }>();
  for (const before of unsettledOf(whose)) {
    if (before.fate !== undefined && before.what !== what) continue;
    const fate = before.fate ?? (await settled(acting.connection, whose, before));
    found.set(before.pending.signature, { ...before, fate });
  }
  const take = (fate: Fate, most = Infinity) => {
    const taken = [...found.values()].filter((each) => each.fate === fate).slice(0, most);
    for (const { pending } of taken) dismiss(whose, pending.signature);
    return taken.map(({ pending }) => pending);
  };
  take("failed");
  take("expired");
  // One after the other: each is to be read.
  if (take("landed").length > 0) throw new LandedAfterAllError("it has landed after all");
  const [forgotten] = take("forgotten", 1);
  if (forgotten) throw new ForgottenError(forgotten);
  return acted(whose, what, act);
}

async function acted<Result>(
  whose: Whose,
  what: string,
  act: (options: SendOptions) => Promise<Result>,
): Promise<Result> {
  const of = (pending: PendingTransaction) => ({ pending, what, signedAt: Date.now() });
  let last: PendingTransaction | undefined;
  // What was signed before it by the same act has landed by then.
  const settle = () => last && forget(whose, last.signature);
  try {
    const result = await act({
      onSigned: (signed) => {
        settle();
        last = signed;
        keep(whose, of(signed));
      },
    });
    settle();
    return result;
  } catch (error) {
    const pending = error instanceof FateUnknownError ? error.pending : last;
    if (!pending || ENDS.some((end) => error instanceof end)) {
      settle();
      throw error;
    }
    if (pending.signature !== last?.signature) settle();
    keep(whose, of(pending));
    change(whose, (list) => [
      ...list.filter((each) => each.pending.signature !== pending.signature),
      of(pending),
    ]);
    throw error instanceof FateUnknownError
      ? error
      : new FateUnknownError(pending, { cause: error });
  }
}

/** They prove what became of all that was signed: any other error may come from the way to the chain. */
const ENDS = [
  ExpiredError,
  RefusedError,
  TransactionFailedError,
  EmptyWalletError,
  NotSignedError,
] as const;

function change(whose: Whose, to: (list: readonly Unsettled[]) => readonly Unsettled[]) {
  lists.set(keyOf(whose), to(unsettledOf(whose)));
  for (const listener of listeners) listener();
}
