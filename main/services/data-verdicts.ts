/** Fingerprints of folders of images as they are now, computed by a task when they are first asked for. */
import type { DataVerdict } from '../../common/evaluations.ts';
import type { TaskService } from './tasks.ts';

export interface DataVerdicts {
  /** At once: what is known, while the task goes on that finds out. */
  of(folder: string): DataVerdict;
  /** Every fingerprint of a folder whose verdict is `known`. */
  fingerprints(folder: string): ReadonlySet<string>;
}

interface Kept {
  verdict: DataVerdict;
  sha256: ReadonlySet<string>;
  /** When it was found out; null while it is being found out. */
  atMs: number | null;
}

/** Images are not looked through again sooner. */
const freshMs = 5 * 60_000;
const nothing: ReadonlySet<string> = new Set();

export function createDataVerdicts(tasks: Pick<TaskService, 'start' | 'watch'>): DataVerdicts {
  const kept = new Map<string, Kept>();

  async function look(folder: string, entry: Kept) {
    const { id } = await tasks.start('dataset-fingerprint', { data: folder });
    let failure = 'The task that looks through it was ended.';
    for await (const [, update] of tasks.watch(id, {})) {
      if (update.type === 'progress' && entry.verdict.state === 'checking') {
        entry.verdict = { state: 'checking', stage: update.stage, done: update.done, total: update.total };
      } else if (update.type === 'failed') failure = update.message;
      else if (update.type === 'result') {
        entry.sha256 = new Set(update.values.sha256 as string[]);
        entry.verdict = { state: 'known' };
        return;
      }
    }
    entry.verdict = { state: 'unknown', message: failure };
  }

  return {
    of(folder) {
      let entry = kept.get(folder);
      if (!entry) {
        entry = { verdict: { state: 'checking', stage: 'starting', done: 0, total: null }, sha256: nothing, atMs: 0 };
        kept.set(folder, entry);
      }
      const known = entry;
      if (known.atMs !== null && Date.now() - known.atMs > freshMs) {
        // What was known before stands until then.
        known.atMs = null;
        look(folder, known)
          .catch((thrown) => {
            known.verdict = { state: 'unknown', message: thrown instanceof Error ? thrown.message : String(thrown) };
          })
          .finally(() => {
            known.atMs = Date.now();
          });
      }
      return known.verdict;
    },
    fingerprints: (folder) => kept.get(folder)?.sha256 ?? nothing,
  };
}
