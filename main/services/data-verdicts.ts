/** Fingerprints of folders of images as they are now, computed by a task when they are first asked for. */
import type { DataVerdict } from '../../common/evaluations.ts';
import type { TaskService } from './tasks.ts';

export interface DataVerdicts {
  /** At once: what is known, while the task goes on that finds out. */
  of(folder: string): DataVerdict;
  /** Of a folder whose verdict is `known`: every fingerprint, and when it was last changed, ms since 1970. */
  found(folder: string): Fingerprints;
}

interface Fingerprints {
  sha256: ReadonlySet<string>;
  changedMs: number;
}

interface Kept {
  verdict: DataVerdict;
  found: Fingerprints;
  /** When it was found out; null while it is being found out. */
  atMs: number | null;
}

/** Images are not looked through again sooner. */
const freshMs = 5 * 60_000;
const nothing: Fingerprints = { sha256: new Set(), changedMs: Number.POSITIVE_INFINITY };

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
        const { sha256, changedMs } = update.values as { sha256: string[]; changedMs: number };
        entry.found = { sha256: new Set(sha256), changedMs };
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
        entry = { verdict: { state: 'checking', stage: 'starting', done: 0, total: null }, found: nothing, atMs: 0 };
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
    found: (folder) => kept.get(folder)?.found ?? nothing,
  };
}
