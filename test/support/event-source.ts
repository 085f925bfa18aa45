/** Server-sent events in Node with headers, as far as the subscriptions of the typed client need them. */

type Listener = (event: { data: string; lastEventId?: string }) => void;

/** An EventSource class whose instances send these headers, and connect again when the connection breaks. */
export function eventSourceWith(headers: Record<string, string>) {
  return class {
    readonly CONNECTING = 0;
    readonly OPEN = 1;
    readonly CLOSED = 2;
    readyState = 0;
    readonly #listeners = new Map<string, Set<Listener>>();
    readonly #abort = new AbortController();
    #lastEventId = '';

    constructor(url: string) {
      void this.#follow(url);
    }
    addEventListener(type: string, listener: Listener) {
      this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
    }
    removeEventListener(type: string, listener: Listener) {
      this.#listeners.get(type)?.delete(listener);
    }
    close() {
      this.readyState = this.CLOSED;
      this.#abort.abort();
    }
    #emit(type: string, data: string) {
      for (const listener of this.#listeners.get(type) ?? []) listener({ data, lastEventId: this.#lastEventId });
    }
    async #follow(url: string) {
      while (this.readyState !== this.CLOSED) {
        try {
          const resumed = this.#lastEventId ? { 'last-event-id': this.#lastEventId } : {};
          const answer = await fetch(url, { headers: { ...headers, ...resumed }, signal: this.#abort.signal });
          if (!answer.ok || !answer.body) {
            this.readyState = this.CLOSED; // refused, not broken: a browser does not try again either
            this.#emit('error', String(answer.status));
            return;
          }
          this.readyState = this.OPEN;
          let rest = '';
          for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
            const blocks = (rest + text).split('\n\n');
            rest = blocks.pop() ?? '';
            for (const block of blocks) this.#take(block);
          }
        } catch {
          // broken: again in a moment
        }
        if (this.#abort.signal.aborted) return;
        this.readyState = this.CONNECTING;
        this.#emit('error', 'connection lost');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    #take(block: string) {
      const fields = block
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]);
      const read = (name: string) => fields.find(([key]) => key === name)?.[1]?.trimStart();
      this.#lastEventId = read('id') ?? this.#lastEventId;
      const data = read('data');
      if (data !== undefined) this.#emit(read('event') ?? 'message', data);
    }
  };
}
