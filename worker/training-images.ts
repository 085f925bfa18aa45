/** The images that a training run sees, as batches of views. */
import type { TrainConfig } from '../common/jobs/train.ts';
import { listDataset } from '../engine/datasets/list.ts';
import type { PipelineConfig } from '../engine/views/pipeline.ts';
import type { ViewConfig } from '../engine/views/recipe.ts';
import { diskReader } from './datasets/folder-reader.ts';
import { loaderThreads } from './features.ts';
import type { JobContext } from './job.ts';
import { type Loader, openLoader } from './loader/loader.ts';
import type { TrainingConfig } from './training-job.ts';

export interface TrainingImages {
  count: number;
  loader: Loader;
  warnings: string[];
  /** Images found broken so far; each was reported once, and another one takes its place. */
  broken(): number;
}

/** `pipelines`: one for each view of an image. */
export async function openTrainingImages(
  config: TrainingConfig,
  pipelines: PipelineConfig[],
  context: JobContext,
): Promise<TrainingImages> {
  const listing = await listDataset(config.data, diskReader, {
    emptyClass: 'warn', // labels are not used
    signal: context.wishes.signal,
    onProgress: ({ files }) => context.report({ type: 'progress', stage: 'scanning images', done: files, total: null }),
  });
  let broken = 0;
  const loader = await openLoader({
    files: listing.files.paths(),
    root: `${listing.root}/`,
    pipelines,
    batchSize: config.batchSize,
    seed: config.seed,
    order: 'shuffled',
    dropLast: true,
    decode: config.decode,
    threads: loaderThreads(config.workers),
    onBroken({ reason }) {
      broken++;
      context.report({ type: 'log', level: 'warning', message: `left out a broken image: ${reason}` });
    },
  });
  return { count: listing.files.length, loader, warnings: listing.warnings, broken: () => broken };
}

/** Two views of each image, alike in distribution: for the query and the key. */
export function viewPipelines(config: TrainConfig): PipelineConfig[] {
  const view = { kind: 'view', ...viewConfig(config) } as const;
  return [view, view];
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
  };
}
