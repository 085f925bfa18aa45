/** Ctrl-C and its kin. */

/**
 * Terminal, npm and launcher may each pass on the same Ctrl-C, so it can arrive several times at once; nobody presses
 * it twice within this time.
 */
const sameSignalMs = 300;

/**
 * Calls `listener` with each signal to end, counted from 1.
 * @returns stops listening
 */
export function onEndSignal(listener: (signal: NodeJS.Signals, count: number) => void): () => void {
  let count = 0;
  let countedAt = Number.NEGATIVE_INFINITY;
  const receive = (signal: NodeJS.Signals) => {
    if (performance.now() - countedAt < sameSignalMs) return;
    count++;
    listener(signal, count);
    countedAt = performance.now(); // not before: what the listener does may take its time on a busy machine
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, receive);
  return () => {
    for (const signal of signals) process.off(signal, receive);
  };
}
