/** The images that a training run sees, as batches of views. */
import type { TrainConfig } from '../common/jobs/train.ts';
import { listDataset } from '../engine/datasets/list.ts';
import type { PipelineConfig } from '../engine/views/pipeline.ts';
import type { PairConfig, ViewConfig } from '../engine/views/recipe.ts';
import { fingerprintDataset } from './datasets/fingerprint.ts';
import { diskReader } from './datasets/folder-reader.ts';
import { findTsv, openTsv, rowAddresses } from './datasets/tsv.ts';
import { loaderThreads } from './features.ts';
import type { JobContext } from './job.ts';
import { type Loader, openLoader } from './loader/loader.ts';
import type { TrainingConfig } from './training-job.ts';

export interface TrainingImages {
  count: number;
  loader: Loader;
  /** SHA-256 as `fingerprintDataset` says; null for rows of a TSV. */
  fingerprint(): Promise<string | null>;
  /** The first view of each image once, in the order of the images: another loader, the caller's to close. */
  sequential(): Promise<Loader>;
  /** Two views, the same whenever they are asked for, of some images at even distances: the caller's to close. */
  sample(limit: number): Promise<Loader>;
}

/** `pipelines`: one for each view of an image. */
export async function openTrainingImages(
  config: TrainingConfig,
  pipelines: PipelineConfig[],
  context: JobContext,
): Promise<TrainingImages> {
  const { files, root, count, warnings, fingerprint } = await findImages(config.data, {
    report: context.report,
    signal: context.wishes.signal,
  });
  for (const message of warnings) context.report({ type: 'log', level: 'warning', message });
  const common = {
    root,
    batchSize: config.batchSize,
    seed: config.seed,
    decode: config.decode,
    threads: loaderThreads(config.workers),
  };
  const loader = await openLoader({
    ...common,
    files: files(),
    pipelines,
    order: 'shuffled',
    dropLast: true,
    onBroken({ reason }) {
      context.report({ type: 'log', level: 'warning', message: `left out a broken image: ${reason}` });
    },
  });
  return {
    count,
    loader,
    fingerprint,
    sequential: () =>
      openLoader({ ...common, files: files(), pipelines: pipelines.slice(0, 1), order: 'sequential', dropLast: false }),
    sample: (limit) =>
      openLoader({
        ...common,
        files: evenly(files(), count, limit),
        // Small patches are no second view.
        pipelines: pipelines.slice(0, 2).filter(({ imageSize }) => imageSize === config.imageSize),
        batchSize: Math.min(config.batchSize, 64),
        order: 'sequential',
        dropLast: false,
        cacheBudgetBytes: 0, // each image is read once
      }),
  };
}

function* evenly(files: Iterable<string>, count: number, limit: number): Generator<string> {
  const wanted = Math.min(count, limit);
  let taken = 0;
  let index = 0;
  for (const file of files)
    if (index++ === Math.floor((taken * count) / wanted)) {
      yield file;
      if (++taken === wanted) return;
    }
}

interface FoundImages {
  /** Below `root`; anew at each call. */
  files(): Iterable<string>;
  root: string;
  count: number;
  warnings: string[];
  fingerprint: TrainingImages['fingerprint'];
}

/** Of a folder of images, or of SEED's TSV. */
export async function findImages(
  data: string,
  { report, signal }: { report: JobContext['report']; signal: AbortSignal },
): Promise<FoundImages> {
  const tsv = findTsv(data);
  if (tsv) {
    const onProgress = (done: number, total: number) =>
      report({ type: 'progress', stage: 'looking for rows', done, total });
    const rows = await openTsv(tsv, { signal, onProgress });
    return {
      files: () => rowAddresses(rows),
      root: '',
      count: rows.offsets.length - 1,
      warnings: rows.warnings,
      fingerprint: async () => null,
    };
  }
  const { files, root, warnings } = await listDataset(data, diskReader, {
    emptyClass: 'warn', // labels are not used
    signal,
    onProgress: ({ files }) => report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
  });
  const onProgress = (done: number, total: number) =>
    report({ type: 'progress', stage: 'looking up images', done, total });
  return {
    files: () => files.paths(),
    root: `${root}/`,
    count: files.length,
    warnings,
    fingerprint: async () => (await fingerprintDataset(root, files, { signal, onProgress })).sha256,
  };
}

/** Two views of each image, alike in distribution: for the query and the key. */
export function viewPipelines(config: TrainConfig): PipelineConfig[] {
  const view = viewConfig(config);
  const together = config.cropPairs !== 'independent' || config.overlap !== 'keep';
  return ([0, 1] as const).map((member) => ({
    kind: 'view',
    ...view,
    ...(together && { pair: pairConfig(config, member) }),
  }));
}

function viewConfig(config: TrainConfig): ViewConfig {
  return {
    preset: config.views,
    imageSize: config.imageSize,
    cropScale: [config.cropScaleMin, config.cropScaleMax],
    jitter: config.jitter,
    greyScale: config.greyProbability,
    gaussianBlur: config.blurProbability,
    flip: 0.5,
    ...(config.hideAndSeek && { hideAndSeek: config.hideProbability }),
  };
}

function pairConfig(config: TrainConfig, member: 0 | 1): PairConfig {
  const { cropPairs: crops, cropPairShare: share, overlap, dropProbability } = config;
  return { member, crops, share, overlap, dropProbability };
}
