/** Which pairs of checkpoints were held against each other, and how: pure. */
import type { CheckpointSummary } from '../../../common/checkpoints.ts';
import { resultOf } from '../../../common/evaluations.ts';
import { isActive, type RunRecord } from '../../../common/records.ts';

/** One way of measuring drift on one folder of images. */
export interface DriftMeasure {
  id: string;
  /** Without the two checkpoints. */
  config: Record<string, unknown>;
}

export interface DriftResult {
  run: RunRecord;
  cka: number;
  overlap: number;
  images: number;
  queries: number;
}

export type DriftCell =
  | { state: 'known'; result: DriftResult }
  | { state: 'active'; run: RunRecord }
  | { state: 'failed'; run: RunRecord; message: string }
  | { state: 'open' };

/** Which two, and where it runs, is no part of how it is measured. */
const apart = ['pretrained', 'against', 'device', 'workers', 'memory', 'printFrequency', 'batchSize'];

export function driftMeasureOf(config: Record<string, unknown>): DriftMeasure {
  const entries = Object.entries(config).filter(([key]) => !apart.includes(key));
  return {
    id: JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    config: Object.fromEntries(entries),
  };
}

type Net = Pick<CheckpointSummary, 'sha256' | 'location' | 'file'>;

/** Runs that hold one of these checkpoints against another, newest first. */
export function driftRuns(runs: readonly RunRecord[], nets: readonly Net[]): RunRecord[] {
  return runs.filter((run) => run.kind === 'drift' && sidesOf(run, nets) !== null);
}

/** Of a pair, in either order: both numbers are the same. */
export function driftCell(
  runs: readonly RunRecord[],
  nets: readonly Net[],
  [left, right]: [number, number],
  measure: DriftMeasure,
): DriftCell {
  const ofPair = runs.filter((run) => {
    if (driftMeasureOf(run.config).id !== measure.id) return false;
    const sides = sidesOf(run, nets);
    return left !== right && sides?.includes(left) && sides.includes(right);
  });
  for (const run of ofPair) {
    const result = driftResult(run);
    if (result) return { state: 'known', result };
  }
  const active = ofPair.find(({ state }) => state === 'queued' || isActive(state));
  if (active) return { state: 'active', run: active };
  const [newest] = ofPair;
  if (newest?.state !== 'failed') return { state: 'open' };
  const { error } = newest;
  return { state: 'failed', run: newest, message: [error?.message, error?.cure].filter(Boolean).join(' ') };
}

function driftResult(run: RunRecord): DriftResult | null {
  if (run.state !== 'finished') return null;
  const { cka, overlap, images, queries } = (resultOf(run)?.values ?? {}) as Partial<DriftResult>;
  if (typeof cka !== 'number' || typeof overlap !== 'number') return null;
  return { run, cka, overlap, images: images ?? 0, queries: queries ?? 0 };
}

/** Places of its two checkpoints; by what it read where it says so, else by their paths. */
function sidesOf(run: RunRecord, nets: readonly Net[]): [number, number] | null {
  const values = resultOf(run)?.values as
    | { provenance?: { checkpointSha256?: string }; againstSha256?: string }
    | undefined;
  const placeOf = (sha256: string | undefined, path: unknown) =>
    nets.findIndex((net) => (sha256 ? net.sha256 === sha256 : net.location === path || net.file === path));
  const left = placeOf(values?.provenance?.checkpointSha256, run.config.pretrained);
  const right = placeOf(values?.againstSha256, run.config.against);
  return left < 0 || right < 0 ? null : [left, right];
}
