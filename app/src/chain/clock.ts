// The chain's clock between two looks at it: everything is due by it, and it may run faster than time.

type Sample = Readonly<{ chain: number; wall: number }>;

/** So many looks say how fast it runs. */
const SAMPLES = 8;
/** A local node runs up to a thousand times as fast as time. */
const HIGHEST_RATE = 1_000;
/** Of this machine: what is shown may be so far ahead of the chain until it waits for it no longer. */
const FAR_SECONDS = 5;

export class ChainClock {
  #samples: readonly Sample[] = [];
  #latest = 0;

  /** What it showed, unix seconds, at `wall`, milliseconds of this machine. */
  sample(chain: bigint, wall: number) {
    const last = this.#samples.at(-1);
    // Set back: another chain, or a node that was started anew.
    if (last && Number(chain) < last.chain) {
      this.#samples = [];
      this.#latest = 0;
    }
    this.#samples = [...this.#samples, { chain: Number(chain), wall }].slice(-SAMPLES);
  }

  /** Seconds of the chain in one: the middle one of what the last looks say, so that a single leap counts for nothing. */
  get rate(): number {
    const rates = this.#samples.flatMap((sample, at) => {
      const before = this.#samples[at - 1];
      const passed = before ? sample.wall - before.wall : 0;
      return before && passed > 0 ? [((sample.chain - before.chain) * 1000) / passed] : [];
    });
    rates.sort((one, other) => one - other);
    const rate = rates[Math.floor((rates.length - 1) / 2)] ?? 1;
    return Math.min(Math.max(rate, 0), HIGHEST_RATE);
  }

  /** Unix seconds at `wall`; undefined before the first look. It does not go back, unless it was far ahead. */
  at(wall: number): number | undefined {
    const last = this.#samples.at(-1);
    if (!last) return undefined;
    const shown = last.chain + ((wall - last.wall) / 1000) * this.rate;
    const isFarAhead = this.#latest - shown > FAR_SECONDS * Math.max(this.rate, 1);
    this.#latest = isFarAhead ? shown : Math.max(this.#latest, shown);
    return this.#latest;
  }
}
