// One act of a wallet at a time, in all of the browser's tabs: a second one can't know yet what becomes of the first.

import { keyOf, type Whose } from "./kept";

/** Something else of the same wallet is on its way. Nothing was signed now. */
export class OnItsWayError extends Error {
  override readonly name = "OnItsWayError";
}

export type Running = Readonly<{
  what: string;
  /** The form that shows how it goes is gone. */
  isLeft: boolean;
}>;

/** By market and wallet, in this page. */
const running = new Map<string, Running>();
const listeners = new Set<() => void>();

export const runningOf = (whose: Whose): Running | undefined => running.get(keyOf(whose));

export function listenToRunning(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Its form goes while it is on its way. */
export function leave(whose: Whose) {
  const left = runningOf(whose);
  if (left) set(whose, { ...left, isLeft: true });
}

/** Acts, unless another one is on its way: then it throws an OnItsWayError at once. */
export async function alone<Result>(
  whose: Whose,
  what: string,
  act: () => Promise<Result>,
): Promise<Result> {
  if (runningOf(whose)) throw new OnItsWayError("another one is on its way");
  set(whose, { what, isLeft: false });
  try {
    return await aloneInBrowser(keyOf(whose), act);
  } finally {
    set(whose, undefined);
  }
}

async function aloneInBrowser<Result>(name: string, act: () => Promise<Result>): Promise<Result> {
  // Browsers have it on safe origins alone, and may forbid it.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return act();
  let isAnswered = false;
  try {
    return await locks.request(name, { ifAvailable: true }, (lock) => {
      isAnswered = true;
      if (!lock) throw new OnItsWayError("another one is on its way in another tab");
      return act();
    });
  } catch (error) {
    if (isAnswered) throw error;
    return act();
  }
}

function set(whose: Whose, now: Running | undefined) {
  if (now) running.set(keyOf(whose), now);
  else running.delete(keyOf(whose));
  for (const listener of listeners) listener();
}
