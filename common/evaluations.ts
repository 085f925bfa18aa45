/** The grid of evaluations: what was measured with which checkpoint on which images, and what is still to be measured. */
import { fieldsOf } from './fields.ts';
import { isTraining, type JobKind, jobKinds, jobs } from './jobs/index.ts';
import type { RunRecord, RunState } from './records.ts';
import type { Direction } from './series.ts';

/** A column of the grid: an evaluation with its settings, `data` among them; without a checkpoint. */
export interface Measure {
  kind: JobKind;
  /** Values that differ from the defaults are enough. */
  config: Record<string, unknown>;
}

/** Jobs that measure a frozen checkpoint on a folder of images, and need to be told nothing else. */
export const measureKinds: JobKind[] = jobKinds.filter((kind) => {
  const { config, recorded } = jobs[kind];
  const isMeasure = recorded && !isTraining(kind) && 'pretrained' in config.shape;
  return isMeasure && config.safeParse({ pretrained: '-', data: '-' }).success;
});

/** What is known of the images of a column. */
export type DataVerdict =
  /** Their fingerprint is being computed, to tell whether known results are of the same images. */
  | { state: 'checking'; stage: string; done: number; total: number | null }
  | { state: 'known' }
  /** It could not be computed: results of the same folder are taken as they are. */
  | { state: 'unknown'; message: string };

export interface GridColumn {
  /** Every value, with absolute paths; null where the settings are not even of their types. */
  config: Record<string, unknown> | null;
  /** Why it cannot be measured. */
  problem: string | null;
  /** Null: nothing was measured yet that could be the same. */
  data: DataVerdict | null;
}

export type GridCell =
  | { state: 'known'; runId: string; headlines: Headline[]; measuredAt: string }
  /** There is a result, but the images have not been looked at yet. */
  | { state: 'checking' }
  | { state: 'active'; runId: string; run: RunState }
  | { state: 'failed'; runId: string; message: string; estimateMs: number | null }
  /** `changed`: the images are others than when it was measured in this run. */
  | { state: 'open'; estimateMs: number | null; changed: string | null }
  /** The checkpoint's file is gone or another one. */
  | { state: 'impossible'; message: string };

export interface EvaluationGrid {
  columns: GridColumn[];
  /** By checkpoint, then by column. */
  cells: GridCell[][];
}

/** A number that stands for a result. */
export interface Headline {
  label: string;
  value: number;
  unit: '%' | '';
  /** Which end is better; null where neither is. */
  better: Direction | null;
}

type Values = Record<string, unknown>;

const percentOf = (label: string, value: unknown): Headline => ({
  label,
  value: Number(value),
  unit: '%',
  better: 'maximum',
});

const headlines: Record<string, (values: Values) => Headline[]> = {
  knn: ({ bestAccuracy, bestK }) => [percentOf(bestK === undefined ? 'kNN' : `k = ${bestK}`, bestAccuracy)],
  linear: ({ bestTop1 }) => [percentOf('best top-1', bestTop1)],
  transfer: ({ bestTop1 }) => [percentOf('best top-1', bestTop1)],
  instdisc: ({ top }) => [percentOf('Top1', Array.isArray(top) ? top[0] : top)],
  stats: ({ alignmentDSd, uniformityD }) => [
    { label: 'alignment', value: Number(alignmentDSd), unit: '', better: 'minimum' },
    { label: 'uniformity', value: Number(uniformityD), unit: '', better: 'minimum' },
  ],
  drift: ({ cka, overlap }) => [
    { label: 'CKA', value: Number(cka), unit: '', better: null },
    { label: 'overlap', value: Number(overlap), unit: '', better: null },
  ],
};

/** The numbers that stand for a result; of kinds that are not known here, how many images it is of. */
export function headlinesOf(kind: JobKind, values: Values): Headline[] {
  const known = headlines[kind]?.(values).filter(({ value }) => !Number.isNaN(value)) ?? [];
  if (known.length > 0) return known;
  return typeof values.images === 'number' ? [{ label: 'images', value: values.images, unit: '', better: null }] : [];
}

/** Result `neighbours` of the task `neighbours`: the nearest images of one, the nearest first. */
export interface ImageNeighbours {
  image: string;
  /** Paths are absolute. */
  neighbours: { path: string; class: string | null; distance: number }[];
  /** That were searched. */
  images: number;
}

/** The result of an evaluation run by its own name; undefined where it has none yet. */
export function resultOf(run: Pick<RunRecord, 'kind' | 'results'>) {
  return run.results[run.kind] ?? Object.values(run.results)[0];
}

/** Where, how fast and what is kept of it is no part of what is measured; checkpoint and images are compared apart. */
const apart = ['pretrained', 'data', 'device', 'workers', 'memory', 'printFrequency', 'keepNeighbours'];

/** By kind; the images at once are no part of it either, unless a classifier is trained by them. */
const apartOf = new Map(
  measureKinds.map((kind) => {
    const batch = fieldsOf(jobs[kind].config).filter(({ key, group }) => key === 'batchSize' && group === 'Machine');
    return [kind, new Set([...apart, ...batch.map(({ key }) => key)])];
  }),
);

/** The same for two configs of a kind that measure the same. */
export function measureKey({ kind, config }: Measure): string {
  const parsed = jobs[kind].config.safeParse({ pretrained: '-', data: '-', ...config });
  const values: Record<string, unknown> = parsed.success ? parsed.data : config;
  const entries = Object.entries(values).filter(([key]) => !apartOf.get(kind)?.has(key));
  return JSON.stringify([kind, ...entries.sort(([a], [b]) => (a < b ? -1 : 1))]);
}
