// What stays open, and why; neighbours for the same reason are one.

import type { Unproven, UnprovenReason } from "./proof.js";

export class OpenTimes {
  readonly #all: Unproven[] = [];
  /** Where the last one for each reason is. */
  readonly #last = new Map<UnprovenReason, number>();

  add(since: bigint, until: bigint, why: UnprovenReason) {
    if (since >= until) return;
    const place = this.#last.get(why) ?? -1;
    const last = this.#all[place];
    if (last && last.until >= since)
      this.#all[place] = { ...last, until: last.until > until ? last.until : until };
    else this.#last.set(why, this.#all.push({ since, until, why }) - 1);
  }

  /** The earliest first. */
  get all(): Unproven[] {
    return [...this.#all].sort((one, other) => Number(one.since - other.since));
  }
}
