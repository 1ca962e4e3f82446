// The market as it is now: followed from the chain, and kept for whoever shows it.

import {
  chainTime,
  connect,
  followMarket,
  LaggingClockError,
  openMarket,
  readWindows,
  UnreachableError,
  type DeliveryWindow,
  type MarketHandle,
  type MarketNews,
} from "@joulebook/client";
import { address, createNoopSigner } from "@solana/kit";

import type { Configuration } from "../configuration";
import { checkChain } from "./chain-name";
import { ChainClock } from "./clock";

/** How the way to the chain is. */
export type Link = "connecting" | "live" | "interrupted";

export type MarketState = Readonly<{
  link: Link;
  /** Undefined until the market was opened. */
  market: MarketHandle | undefined;
  /** Those in books, the earliest first. */
  windows: readonly DeliveryWindow[];
  /** What makes the market unreadable: another chain, another version. It is tried again all the same. */
  error: unknown;
  /** Seconds that the chain's clock is behind this machine's, if that is too many. */
  lag: number | undefined;
}>;

/** Visitors sign nothing. */
const NOBODY = createNoopSigner(address("11111111111111111111111111111111"));
const CLOCK_MILLISECONDS = 3_000;
const RETRY_MILLISECONDS = 3_000;
/** What is wrong with a market is seldom put right. */
const WRONG_MILLISECONDS = 15_000;
/** A subscription that breaks is made anew at least this often: one that was silent for longer has come back. */
const QUIET_MILLISECONDS = 12_000;
/** Seconds of lag that are shown. */
const SHOWN_LAG = 120;

export class MarketStore {
  readonly clock = new ChainClock();
  #state: MarketState = {
    ...{ link: "connecting", market: undefined, windows: [], error: undefined, lag: undefined },
  };
  readonly #listeners = new Set<() => void>();
  #lastInterruption = 0;
  readonly #newsListeners = new Set<(news: MarketNews) => void>();

  constructor(readonly configuration: Configuration) {}

  getState = (): MarketState => this.#state;
  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  /** Tells of each event and each change of a window. */
  onNews(listener: (news: MarketNews) => void) {
    this.#newsListeners.add(listener);
    return () => void this.#newsListeners.delete(listener);
  }

  /** Opens the market and follows it until `signal` ends it. */
  async run(signal: AbortSignal) {
    const market = await this.#open(signal);
    if (!market) return;
    this.#set({ market });
    await Promise.all([this.#follow(market, signal), this.#watchClock(market, signal)]);
  }

  async #open(signal: AbortSignal): Promise<MarketHandle | undefined> {
    const { cluster, market } = this.configuration;
    const connection = connect(cluster, NOBODY);
    while (!signal.aborted) {
      try {
        checkChain(cluster.chain, await connection.rpc.getGenesisHash().send());
        // How far the clock is behind is shown here, and no reason to show nothing.
        const opened = await openMarket(connection, market, {
          maxClockLag: Number.MAX_SAFE_INTEGER,
        });
        this.#set({ error: undefined });
        return opened;
      } catch (error) {
        const isAway = error instanceof UnreachableError;
        this.#set(isAway ? { link: "interrupted" } : { link: "connecting", error });
        await wait(isAway ? RETRY_MILLISECONDS : WRONG_MILLISECONDS, signal);
      }
    }
    return undefined;
  }

  async #follow(market: MarketHandle, signal: AbortSignal) {
    for await (const news of followMarket(market, { abortSignal: signal })) {
      if (news.kind === "window") this.#take(news.window);
      if (news.kind === "interrupted") {
        this.#lastInterruption = Date.now();
        this.#set({ link: "interrupted" });
      }
      for (const listener of this.#newsListeners) listener(news);
    }
  }

  /**
   * A look at the clock is also one at the way there: subscriptions do not say that they are back. While there are none, windows are
   * asked for.
   */
  async #watchClock(market: MarketHandle, signal: AbortSignal) {
    while (!signal.aborted) {
      const asked = Date.now();
      try {
        const time = await chainTime(market);
        this.clock.sample(time, (asked + Date.now()) / 2);
        const lag = Math.floor(Date.now() / 1000) - Number(time);
        const isFollowed = Date.now() - this.#lastInterruption > QUIET_MILLISECONDS;
        if (!isFollowed || this.#state.windows.length === 0)
          this.#set({ windows: await readWindows(market) });
        const link = isFollowed ? "live" : "interrupted";
        this.#set({ link, lag: lag > SHOWN_LAG ? lag : undefined });
      } catch (error) {
        if (!(error instanceof LaggingClockError)) this.#set({ link: "interrupted" });
      }
      await wait(CLOCK_MILLISECONDS, signal);
    }
  }

  #take(window: DeliveryWindow) {
    const others = this.#state.windows.filter(({ start }) => start !== window.start);
    const sorted = [...others, window].sort((one, other) => (one.start < other.start ? -1 : 1));
    // A book holds one window at a time.
    const books = this.#state.market?.parameters.books ?? sorted.length;
    this.#set({ windows: sorted.slice(-books) });
  }

  #set(change: Partial<MarketState>) {
    const keys = Object.keys(change) as (keyof MarketState)[];
    if (keys.every((key) => Object.is(this.#state[key], change[key]))) return;
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
