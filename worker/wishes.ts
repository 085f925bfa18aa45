/** What others want of a worker: `control.json` in its run folder, and signals. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { controlFile } from '../common/records.ts';

export type Wish = 'stop' | 'pause' | 'interrupt';

export interface Wishes {
  /** Aborted as soon as there is a wish: long stages end early by it. */
  signal: AbortSignal;
  /** Looks now; a training loop calls it between two steps, when no timer can run. */
  current(): Wish | null;
  /** The signal that interrupted, for the exit code. */
  interruptedBy(): NodeJS.Signals | null;
  close(): void;
}

const intervalMs = 200;

/** `onWish` is called once, with the first wish. A second SIGINT or SIGTERM ends the process at once. */
export function watchWishes(folder: string, onWish: (wish: Wish) => void): Wishes {
  const path = join(folder, 'control.json');
  const abort = new AbortController();
  let wish: Wish | null = null;
  let interruptedBy: NodeJS.Signals | null = null;
  let lookedAt = 0;

  function want(next: Wish) {
    if (wish) return;
    wish = next;
    abort.abort(new DOMException(`asked to ${next}`, 'AbortError'));
    onWish(next);
  }

  function look() {
    if (wish || Date.now() - lookedAt < intervalMs) return;
    lookedAt = Date.now();
    const control = readControl(path);
    if (!control) return;
    rmSync(path, { force: true }); // acted on once
    want(control.command);
  }

  function onSignal(signal: NodeJS.Signals) {
    if (interruptedBy) process.exit(signal === 'SIGINT' ? 130 : 143);
    interruptedBy = signal;
    want('interrupt');
  }

  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const timer = setInterval(look, intervalMs);
  return {
    signal: abort.signal,
    current() {
      look();
      return wish;
    },
    interruptedBy: () => interruptedBy,
    close() {
      clearInterval(timer);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

function readControl(path: string) {
  try {
    return controlFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // there is none, or one that is not for us
  }
}
