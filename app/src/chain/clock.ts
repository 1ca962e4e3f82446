// The chain's clock between two looks at it: everything is due by it, and it may run faster than time.

type Sample = Readonly<{ chain: number; wall: number }>;

/** So many looks say how fast it runs. */
const SAMPLES = 8;
/** A local node runs up to a thousand times as fast as time. */
const HIGHEST_RATE = 1_000;

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

  /** Seconds of the chain in one. */
  get rate(): number {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.wall - first.wall < 1_000) return 1;
    const rate = ((last.chain - first.chain) * 1000) / (last.wall - first.wall);
    return Math.min(Math.max(rate, 0), HIGHEST_RATE);
  }

  /** Unix seconds at `wall`; undefined before the first look. It never goes back. */
  at(wall: number): number | undefined {
    const last = this.#samples.at(-1);
    if (!last) return undefined;
    const shown = last.chain + ((wall - last.wall) / 1000) * this.rate;
    this.#latest = Math.max(this.#latest, shown);
    return this.#latest;
  }
}
