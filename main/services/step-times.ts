/** How long a step took in earlier runs: what a run that has not begun will take at that pace. */
import type { JobKind } from '../../common/jobs/index.ts';
import { isActive, type Remaining, runStates } from '../../common/records.ts';
import type { Store } from '../store/index.ts';
import type { RunRow } from '../store/rows.ts';

/** Settings by which a step takes no longer or shorter; all others may. */
const costless = new Set([
  'seed',
  'epochs',
  'startEpoch',
  'resume',
  'restart',
  'learningRate',
  'momentum',
  'weightDecay',
  'schedule',
  'cos',
  'cosinePerStep',
  'warmupSteps',
  'temperature',
  'keyMomentum',
  'checkpointFolder',
  'printFrequency',
  'notFinite',
  'dropProbability',
  'hideProbability',
]);

/** The newest of these many runs, and the median of the newest of the same cost. */
const mostRuns = 500;
const mostOfSameCost = 5;

type Config = Record<string, unknown>;

/** Seconds a step of such a run; null where no run like it has gone far enough. */
export type StepTimes = (config: Config) => number | null;

/** @param measured by a dry run, which counts before what was measured earlier */
export function stepTimes(
  store: Store,
  kind: JobKind,
  measured?: { config: Config; secondsPerStep: number },
): StepTimes {
  const times = new Map<string, number[]>();
  const known = store.runs.inStates(runStates.filter((state) => state === 'finished' || isActive(state)));
  const newest = known.filter((row) => row.kind === kind).slice(-mostRuns);
  for (const row of newest.reverse()) {
    const seconds = secondsPerStep(row);
    if (seconds === null) continue;
    const key = costKey(JSON.parse(row.config));
    const same = times.get(key) ?? [];
    if (same.length < mostOfSameCost) times.set(key, [...same, seconds]);
  }
  if (measured) times.set(costKey(measured.config), [measured.secondsPerStep]);
  return (config) => median(times.get(costKey(config)));
}

/** Evaluations and checkpoints included. A run that was paused says nothing: its pauses would count. */
function secondsPerStep(row: RunRow): number | null {
  if (row.state === 'finished') {
    if (row.segmentSeq > 0 || row.step < 1 || !row.startedAt || !row.endedAt) return null;
    return (Date.parse(row.endedAt) - Date.parse(row.startedAt)) / 1000 / row.step;
  }
  const left = (row.totalSteps ?? 0) - row.step;
  if (row.remaining === null || left < 1) return null;
  return (JSON.parse(row.remaining) as Remaining).expectedMs / 1000 / left;
}

function costKey(config: Config): string {
  const settings = Object.entries(config).filter(([key]) => !costless.has(key));
  return JSON.stringify(settings.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function median(values: number[] | undefined): number | null {
  if (!values || values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
