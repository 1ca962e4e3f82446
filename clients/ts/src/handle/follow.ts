// Following a market: its windows as they change, and what its program reports. Subscriptions break, and messages get lost: what
// was missed is read from the accounts.

import type { Signature } from "@solana/kit";

import type { Gap } from "../event-counts.js";
import type { ProgramEvent } from "../events.js";
import { pause } from "../pause.js";
import { Follower } from "./follower.js";
import type { MarketHandle } from "./handle.js";
import { Queue } from "./queue.js";
import type { DeliveryWindow } from "./windows.js";

/** Something that happened in a market. */
export type MarketNews =
  /** A window as it is now: opened, with other orders, cleared, allocated. */
  | Readonly<{ kind: "window"; window: DeliveryWindow }>
  /** An event of a transaction that succeeded. */
  | Readonly<{ kind: "event"; event: ProgramEvent; signature: Signature }>
  /** Events that are missing. What came of them is in the accounts: windows that they changed follow. */
  | Readonly<{ kind: "gap"; gap: Gap }>
  /** The subscription broke, or could not be made, for this reason. It is made anew, and what was missed follows. */
  | Readonly<{ kind: "interrupted"; reason: unknown }>;

export type FollowOptions = Readonly<{
  /** Ends it. */
  abortSignal: AbortSignal;
  /** How often the accounts are asked whether something is missing, milliseconds; 10,000 if left out. */
  checkMilliseconds?: number;
}>;

/** How long until a broken subscription is made anew, milliseconds: at first, and at most. */
const FIRST_DELAY = 250;
const LONGEST_DELAY = 10_000;

/** Follows a market until `abortSignal` ends it. Begins with all windows as they are. */
export async function* followMarket(
  market: MarketHandle,
  { abortSignal, checkMilliseconds = 10_000 }: FollowOptions,
): AsyncGenerator<MarketNews, void> {
  const news = new Queue<MarketNews>();
  // Ended from outside, or by whoever leaves the loop.
  const leave = new AbortController();
  const signal = AbortSignal.any([abortSignal, leave.signal]);
  signal.addEventListener("abort", () => news.end(), { once: true });
  if (signal.aborted) return;
  const following = follow(new Follower(market, news), news, signal, checkMilliseconds);
  try {
    yield* news;
  } finally {
    leave.abort();
    await following;
  }
}

/** Subscribes, catches up, and waits until it breaks: again and again. */
async function follow(
  follower: Follower,
  news: Queue<MarketNews>,
  signal: AbortSignal,
  checkMilliseconds: number,
) {
  let delay = FIRST_DELAY;
  while (!signal.aborted) {
    const round = new AbortController();
    const ended = AbortSignal.any([signal, round.signal]);
    try {
      // Both begin before anything is read, so that nothing falls between.
      const subscriptions = await Promise.all([
        follower.subscribeToBooks(ended),
        ...follower.subscribeToEvents(ended),
      ]);
      await follower.catchUp();
      delay = FIRST_DELAY;
      const runs = subscriptions.map((run) => run());
      await Promise.race([...runs, check(follower, ended, checkMilliseconds)]);
      throw new Error("the endpoint has closed a subscription");
    } catch (reason) {
      if (!signal.aborted) news.push({ kind: "interrupted", reason });
    } finally {
      round.abort();
    }
    await pause(delay, signal);
    delay = Math.min(delay * 2, LONGEST_DELAY);
  }
}

/** After the last thing that is missing comes none that would tell. */
async function check(follower: Follower, signal: AbortSignal, milliseconds: number) {
  for (;;) {
    await pause(milliseconds, signal);
    if (signal.aborted) return;
    await follower.catchUp();
  }
}
