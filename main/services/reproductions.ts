/** A run started again with the same settings and seed, and how far apart the two come out. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, asAppError } from '../../common/errors.ts';
import { isActive, type RunRecord } from '../../common/records.ts';
import type { Reproduction, ReproductionStart } from '../../common/reproduction.ts';
import { originOf } from '../../common/run-names.ts';
import { isBroken } from '../jobs/discovery.ts';
import { readConfig } from '../jobs/run-folder.ts';
import { provenanceOf } from './evaluation-estimates.ts';
import { curveDifferences, resultDifferences } from './run-difference.ts';
import type { RunService } from './runs.ts';
import type { TaskService } from './tasks.ts';

export interface ReproductionService {
  /**
   * Queues the run once more, its files going to the new run's own folder. Its images are looked through before: where
   * they are not known to be the same, nothing is started, unless `anyway`. Throws `conflict` for a run that has not
   * finished.
   */
  start(id: string, options: { anyway: boolean; signal?: AbortSignal }): Promise<ReproductionStart<RunRecord>>;
  /** How far the run is from the one that it repeats; null where it repeats none. */
  get(id: string): Reproduction | null;
}

interface Ports {
  runs: Pick<RunService, 'get' | 'launch' | 'points'>;
  tasks: Pick<TaskService, 'start' | 'watch' | 'cancel'>;
}

/** Settings that name where files go. */
const targets = ['checkpointFolder', 'output'];
const everyPoint = Number.MAX_SAFE_INTEGER;

export function createReproductionService({ runs, tasks }: Ports): ReproductionService {
  /** Null: the images are the same, or the run has none. */
  async function doubt(run: RunRecord, signal: AbortSignal | undefined): Promise<ReproductionStart<never> | null> {
    const { data } = run.config;
    if (typeof data !== 'string' || data === '') return null;
    const before = fingerprintsOf(run);
    const found = await fingerprintsNow(data, signal);
    if ('failure' in found) {
      return { state: 'data-unknown', message: `The images in ${data} could not be looked through: ${found.failure}` };
    }
    if (before.length > 0 && before.every((one) => found.sha256.includes(one))) return null;
    // It may have taken some of the images only; those are what they were where nothing has changed since it began.
    if (run.startedAt !== null && found.changedMs < Date.parse(run.startedAt)) return null;
    if (before.length > 0) {
      return { state: 'data-changed', message: `The images in ${data} are not those that "${run.name}" saw.` };
    }
    const message = `"${run.name}" does not tell which images it saw, and ${data} was changed since it began.`;
    return { state: 'data-unknown', message };
  }

  async function fingerprintsNow(data: string, signal: AbortSignal | undefined): Promise<Found> {
    try {
      const { id } = await tasks.start('dataset-fingerprint', { data });
      const cancel = () => void tasks.cancel(id);
      signal?.addEventListener('abort', cancel, { once: true });
      let failure = 'the task that does it was ended.';
      try {
        for await (const [, update] of tasks.watch(id, { signal })) {
          if (update.type === 'failed') failure = update.message;
          if (update.type === 'result') return update.values as unknown as Fingerprints;
        }
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
      signal?.throwIfAborted();
      return { failure };
    } catch (thrown) {
      if (signal?.aborted) throw thrown;
      return { failure: asAppError(thrown).message };
    }
  }

  return {
    async start(id, { anyway, signal }) {
      const run = runs.get(id);
      if (isBroken(id) || run.state !== 'finished') {
        throw new AppError('conflict', `"${run.name}" is ${run.state}: there is nothing whole to reproduce.`, {
          cure: 'Wait for its end, or duplicate it to run it anew.',
        });
      }
      const doubtful = anyway ? null : await doubt(run, signal);
      if (doubtful) return doubtful;
      const { kind, recipe } = run;
      const config = { ...run.config };
      for (const key of targets) if (key in config) config[key] = '';
      const launched = await runs.launch({
        kind,
        config,
        name: `${originOf(run.name)} · reproduced`.slice(0, 200),
        recipe: recipe ?? undefined,
        parent: id,
        reproduces: id,
      });
      return { state: 'launched', run: launched };
    },

    get(id) {
      const again = runs.get(id);
      const first = isBroken(id) ? undefined : readConfig(again.folder).reproduces;
      if (first === undefined) return null;
      return compared(first, again);
    },
  };

  function compared(id: string, again: RunRecord): Reproduction {
    const nothing = { first: id, sameData: null, curves: [], results: [] };
    const first = foundRun(id);
    if (!first) return { ...nothing, state: 'gone' };
    if (again.state === 'queued' || again.state === 'paused' || isActive(again.state)) {
      return { ...nothing, state: 'waiting' };
    }
    if (first.state !== 'finished' || again.state !== 'finished') return { ...nothing, state: 'unfinished' };
    const all = (run: RunRecord) => runs.points({ id: run.id, maxPoints: everyPoint }).series;
    const curves = curveDifferences(all(first), all(again));
    const results = resultDifferences(first.results, again.results);
    const same =
      curves.every(({ largestRelative, unmatched }) => largestRelative === 0 && unmatched === 0) &&
      results.every(({ difference }) => difference === 0);
    const state = curves.length + results.length === 0 ? 'nothing' : same ? 'identical' : 'differs';
    return { first: id, state, sameData: sameData(first, again), curves, results };
  }

  function foundRun(id: string): RunRecord | null {
    try {
      return runs.get(id);
    } catch (thrown) {
      if (asAppError(thrown).code === 'not-found') return null;
      throw thrown;
    }
  }
}

/** Result of the task `dataset-fingerprint`. */
interface Fingerprints {
  sha256: string[];
  changedMs: number;
}
type Found = Fingerprints | { failure: string };

function sameData(first: RunRecord, again: RunRecord): boolean | null {
  const [before, after] = [fingerprintsOf(first), fingerprintsOf(again)];
  if (before.length === 0 || after.length === 0) return null;
  return before.length === after.length && before.every((one) => after.includes(one));
}

/** Of the images that a run saw: an evaluation's result tells, a training's environment.json; none where neither does. */
function fingerprintsOf(run: RunRecord): string[] {
  const told = provenanceOf(run).map(({ sha256 }) => sha256);
  const file = join(run.folder, 'environment.json');
  if (told.length > 0 || !existsSync(file)) return told;
  const { dataSha256 } = JSON.parse(readFileSync(file, 'utf8')) as { dataSha256?: unknown };
  return typeof dataSha256 === 'string' ? [dataSha256] : [];
}
