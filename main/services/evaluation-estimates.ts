/** How long an evaluation will take, by what runs like it took before; unknown where there was none. */
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import { type Measure, measureKey, measureKinds, resultOf } from '../../common/evaluations.ts';
import type { RunRecord } from '../../common/records.ts';
import type { Store } from '../store/index.ts';
import type { DataSummarizer } from './data-summary.ts';

const everyRun = 1_000_000;

export interface Measured {
  run: RunRecord;
  sha256: string;
  /** What it measures, see `measureKey`. */
  key: string;
  /** Of its images. */
  folder: string;
}

interface DataOfResult {
  split: string | null;
  images: number;
  sha256: string;
  imagesPerSecond?: number | null;
}

/** The images that a result comes from, split by split; none where it does not tell. */
export function provenanceOf(run: RunRecord): DataOfResult[] {
  return saidBy(run)?.data ?? [];
}

function saidBy(run: RunRecord): { data?: DataOfResult[]; elapsedSeconds?: number } | undefined {
  return resultOf(run)?.values.provenance as { data?: DataOfResult[]; elapsedSeconds?: number } | undefined;
}

/** Evaluation runs, newest first, each with the checkpoint that it is or will be of. */
export function measuredRuns(store: Store, known: CheckpointSummary[]): Measured[] {
  const byPath = new Map(known.flatMap((one) => [one.location, one.file].map((path) => [path, one.sha256] as const)));
  const byRun = new Map(
    store.checkpoints.uses().flatMap((use) => (use.role === 'pretrained' ? [[use.runId, use.sha256] as const] : [])),
  );
  return store.runs.list({ kinds: measureKinds, limit: everyRun, offset: 0 }).rows.map((run) => ({
    run,
    sha256: byRun.get(run.id) ?? byPath.get(String(run.config.pretrained)) ?? '',
    key: measureKey(run),
    folder: String(run.config.data),
  }));
}

interface EstimatorPorts {
  measured: Measured[];
  checkpoints: ReadonlyMap<string, CheckpointSummary>;
  columns: { folder: string; measure: Measure }[];
  summarize: DataSummarizer;
}

/** Of a checkpoint, what its evaluations cost. */
export type Net = Pick<CheckpointSummary, 'arch' | 'imageSize'>;

type Estimate = (checkpoint: Net, column: { folder: string; key: string; measure: Measure }) => number | null;

/** Half of the runs took less for an image. */
export async function createEstimator({
  measured,
  checkpoints,
  columns,
  summarize,
}: EstimatorPorts): Promise<Estimate> {
  const folders = [...new Set(columns.map(({ folder }) => folder))];
  const counted = await Promise.all(folders.map(async (folder) => [folder, await summarize(folder)] as const));
  const counts = new Map(counted);
  const paces = measured.flatMap((one) => {
    const pace = paceOf(one.run);
    const arch = checkpoints.get(one.sha256)?.arch ?? null;
    return pace === null || arch === null ? [] : [{ ...one, arch, pace, images: imagesOf(one.run) }];
  });

  return (checkpoint, { folder, key, measure }) => {
    const sizeOf = (config: Record<string, unknown>, of: Net | undefined) =>
      Number(config.imageSize || of?.imageSize || 0);
    const size = sizeOf(measure.config, checkpoint);
    const alike = paces.filter(
      ({ run, arch, sha256 }) =>
        run.kind === measure.kind && arch === checkpoint.arch && sizeOf(run.config, checkpoints.get(sha256)) === size,
    );
    const exact = alike.filter((one) => one.key === key);
    // Of a classifier that is trained in another way the time says nothing.
    const base = exact.length > 0 || 'epochs' in measure.config ? exact : alike;
    const images = base.find((one) => one.folder === folder)?.images ?? countOf(counts.get(folder), base);
    if (base.length === 0 || images === null) return null;
    return median(base.map(({ pace }) => pace)) * images;
  };
}

/** Milliseconds an image, of a run that had to look at them all itself. */
function paceOf(run: RunRecord): number | null {
  const seconds = saidBy(run)?.elapsedSeconds;
  const images = imagesOf(run);
  const cached = provenanceOf(run).some(({ imagesPerSecond }) => imagesPerSecond === null);
  return run.state === 'finished' && seconds && images > 0 && !cached ? (1000 * seconds) / images : null;
}

function imagesOf(run: RunRecord): number {
  return provenanceOf(run).reduce((sum, { images }) => sum + images, 0);
}

/** The summary counts the training part alone: the others are taken to be as large as they were elsewhere. */
function countOf(
  summary: Awaited<ReturnType<DataSummarizer>> | undefined,
  base: { run: RunRecord; images: number }[],
): number | null {
  const run = base[0]?.run;
  if (!summary || summary.problem || summary.atLeast || !run) return null;
  const first = provenanceOf(run)[0];
  if (!first?.split?.startsWith('train')) return summary.images;
  return (summary.images * base[0]!.images) / first.images;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
