// Questions to an endpoint: so many at most, some at a time, until whoever asked has had enough.

import type { Commitment } from "@solana/kit";

import type { Connection } from "../connection/connection.js";

/** Questions that are asked at the same time. */
const AT_ONCE = 6;

/** All questions of one proof. */
export class Requests {
  #asked = 0;

  constructor(
    readonly rpc: Connection["rpc"],
    readonly commitment: Extract<Commitment, "confirmed" | "finalized">,
    readonly most: number,
    readonly signal: AbortSignal | undefined,
  ) {}

  get asked(): number {
    return this.#asked;
  }

  get areSpent(): boolean {
    return this.#asked >= this.most;
  }

  /** Asks, if there is a question left; undefined if there is none. Throws the signal's reason once it is aborted. */
  async ask<Answer>(
    request: Readonly<{ send: (options?: { abortSignal?: AbortSignal }) => Promise<Answer> }>,
  ): Promise<Answer | undefined> {
    this.signal?.throwIfAborted();
    if (this.areSpent) return undefined;
    this.#asked += 1;
    return request.send(this.signal ? { abortSignal: this.signal } : {});
  }
}

/** The same for each, a few at a time, answers in their order. `told` hears how many are done. */
export async function forEach<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
  told: (done: number) => void = () => {},
): Promise<Result[]> {
  const results = new Array<Result>(items.length);
  let [next, done] = [0, 0];
  const worker = async () => {
    while (next < items.length) {
      const place = next++;
      results[place] = await run(items[place]!);
      told(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
