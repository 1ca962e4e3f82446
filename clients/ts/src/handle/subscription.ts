// Subscriptions of kit, without losing what comes first.

/**
 * Takes messages from now on, and gives what hands them to `handle` until the subscription ends or breaks. kit drops what comes
 * before the first message is asked for, and keeps what comes after.
 */
export function received<Message>(
  messages: AsyncIterable<Message>,
  handle: (message: Message) => void,
): () => Promise<void> {
  const iterator = messages[Symbol.asyncIterator]();
  let next = iterator.next();
  // Whoever waits for it below is told; nobody may be by then.
  next.catch(() => {});
  return async () => {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = iterator.next();
      next.catch(() => {});
      handle(value);
    }
  };
}
