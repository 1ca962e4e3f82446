// What one side puts in and the other takes out, one after the other.

/** Ends once; what was put in before is still taken out. */
export class Queue<Item> implements AsyncIterable<Item> {
  readonly #items: Item[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;

  get isEnded(): boolean {
    return this.#isEnded;
  }

  push(item: Item) {
    if (this.#isEnded) return;
    this.#items.push(item);
    this.#wake?.();
  }

  end() {
    this.#isEnded = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift()!;
      if (this.#isEnded) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
