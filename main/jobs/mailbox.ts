/** From callbacks to an async iterator: what arrives while the reader is busy is merged into one delivery. */

export interface Mailbox<Item> {
  put(item: Item): void;
  /** Ends the iteration; what is still there is not delivered. */
  end(): void;
  deliveries(signal?: AbortSignal): AsyncGenerator<Item>;
}

export function createMailbox<Item>(merge: (waiting: Item, next: Item) => Item): Mailbox<Item> {
  let waiting: { item: Item } | null = null;
  let ended = false;
  let wake = () => {};

  return {
    put(item) {
      waiting = { item: waiting ? merge(waiting.item, item) : item };
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    async *deliveries(signal) {
      const onAbort = () => wake();
      signal?.addEventListener('abort', onAbort);
      try {
        while (!signal?.aborted) {
          if (ended) return;
          if (waiting) {
            const { item } = waiting;
            waiting = null;
            yield item;
          } else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        signal?.removeEventListener('abort', onAbort);
      }
    },
  };
}
