// What was signed and nobody knows of: whatever is done next waits for it, so that nothing is done twice by mistake. It was signed by
// this page, or by one that was loaded before it.

import {
  FateUnknownError,
  finalFateOf,
  type Connection,
  type FinalFate,
  type MarketHandle,
  type PendingTransaction,
  type SendOptions,
} from "@joulebook/client";

import { forget, keep, keyOf, readKept, type Unsettled, type Whose } from "./kept";
import { alone } from "./running";

/** The transaction of before has landed after all. Nothing was sent now: whoever still wants to says so again. */
export class LandedAfterAllError extends Error {
  override readonly name = "LandedAfterAllError";
}

type Fate = FinalFate["kind"];

/** With what became of it, once that is known. */
export type Told = Unsettled & Readonly<{ fate?: Fate }>;

export type Acting = Readonly<{ connection: Connection }> &
  Pick<MarketHandle, "trader"> & { addresses: Pick<MarketHandle["addresses"], "market"> };

/** By market and wallet. What is on its way in this page is not among them: nothing else is sent meanwhile. */
const lists = new Map<string, readonly Told[]>();
const lookups = new Map<string, Promise<Fate>>();
const listeners = new Set<() => void>();

export const whoseOf = ({ addresses, trader }: Omit<Acting, "connection">): Whose => ({
  market: addresses.market,
  wallet: trader.address,
});

/** The same list until it changes. */
export function unsettledOf(whose: Whose): readonly Told[] {
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
export function settled(
  connection: Connection,
  whose: Whose,
  { pending }: Unsettled,
): Promise<Fate> {
  const { signature } = pending;
  const before = lookups.get(signature);
  if (before) return before;
  const lookup = finalFateOf(connection, pending)
    .then((fate) => {
      // A page that is loaded again need not look it up again.
      forget(whose, signature);
      const { kind } = fate;
      change(whose, (list) =>
        list.map((each) => (each.pending.signature === signature ? { ...each, fate: kind } : each)),
      );
      return kind;
    })
    .finally(() => lookups.delete(signature));
  lookups.set(signature, lookup);
  return lookup;
}

/**
 * Acts once it is certain what became of all that was signed before. Throws a LandedAfterAllError, an OnItsWayError while another act
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
  let hasLanded = false;
  for (const before of unsettledOf(whose)) {
    if (before.fate !== undefined && before.what !== what) continue;
    const fate = before.fate ?? (await settled(acting.connection, whose, before));
    dismiss(whose, before.pending.signature);
    hasLanded ||= fate === "landed";
  }
  if (hasLanded) throw new LandedAfterAllError("it has landed after all");
  return acted(whose, what, act);
}

async function acted<Result>(
  whose: Whose,
  what: string,
  act: (options: SendOptions) => Promise<Result>,
): Promise<Result> {
  const of = (pending: PendingTransaction) => ({ pending, what, signedAt: Date.now() });
  let signature: string | undefined;
  // What was signed before it by the same act has landed by then.
  const settle = () => signature !== undefined && forget(whose, signature);
  try {
    const result = await act({
      onSigned: (signed) => {
        settle();
        signature = signed.signature;
        keep(whose, of(signed));
      },
    });
    settle();
    return result;
  } catch (error) {
    settle();
    if (error instanceof FateUnknownError) {
      const { pending } = error;
      keep(whose, of(pending));
      change(whose, (list) => [...list, of(pending)]);
    }
    throw error;
  }
}

function change(whose: Whose, to: (list: readonly Told[]) => readonly Told[]) {
  lists.set(keyOf(whose), to(unsettledOf(whose)));
  for (const listener of listeners) listener();
}
