/** When the runs of a lane will start and end, one after the other; pure. */
import type { RunRecord } from '../../common/records.ts';
import type { QueueEstimates, QueueState } from '../../common/updates.ts';
import { etaAt } from '../run/eta.ts';
import type { Lane } from './lanes.ts';

/** Milliseconds since 1970; null where it is not known, as after a run of which nothing is known. */
export interface RunTimes {
  startsAt: number | null;
  endsAt: number | null;
  durationMs: number | null;
}

export interface LaneTimes {
  byRun: ReadonlyMap<string, RunTimes>;
  /** Of all that will run, those that are known. */
  totalMs: number;
  /** Runs that are counted in, and of how many of them the time is known. */
  runs: number;
  timedRuns: number;
  /** When the last one has ended, with every run that is known. */
  endsAt: number | null;
}

/** Runs that are held, and all that wait while the queue is held, have a duration and no time of day. */
export function timesOf(
  { active, waiting }: Lane,
  { held, heldRuns }: Pick<QueueState, 'held' | 'heldRuns'>,
  estimates: QueueEstimates,
  now: number,
): LaneTimes {
  const byRun = new Map<string, RunTimes>();
  const left = active.map((run) => leftOf(run, estimates, now));
  const passedOver = new Set(heldRuns);
  const counted = held ? [] : waiting.filter(({ id }) => !passedOver.has(id));
  let free: number | null = left.every((one) => one !== null) ? now + Math.max(0, ...left) : null;
  for (const { id } of waiting) {
    const durationMs = millisecondsOf(estimates[id]);
    const runs = !held && !passedOver.has(id);
    const startsAt = runs ? free : null;
    const endsAt = startsAt === null || durationMs === null ? null : startsAt + durationMs;
    if (runs) free = endsAt;
    byRun.set(id, { startsAt, endsAt, durationMs });
  }
  const durations = [...left, ...counted.map(({ id }) => millisecondsOf(estimates[id]))];
  const known = durations.filter((one) => one !== null);
  return {
    byRun,
    totalMs: known.reduce((sum, one) => sum + one, 0),
    runs: durations.length,
    timedRuns: known.length,
    endsAt: known.length > 0 && known.length === durations.length ? free : null,
  };
}

/** Its own reckoning, else that by earlier runs. */
function leftOf(run: RunRecord, estimates: QueueEstimates, now: number): number | null {
  return run.remaining ? etaAt(run.remaining, now).leftMs : millisecondsOf(estimates[run.id]);
}

function millisecondsOf(seconds: number | null | undefined): number | null {
  return seconds === null || seconds === undefined ? null : seconds * 1000;
}
