/** What a classifier is trained on and judged by: images as random crops, or features that are there already. */
import type { EvaluationConfig } from '../common/jobs/evaluation.ts';
import type { DatasetListing } from '../engine/datasets/list.ts';
import type { Rows } from '../engine/evaluations/rows.ts';
import { topK } from '../engine/kernels/top-k.ts';
import { randomAt } from '../engine/random.ts';
import { type Tensor2D, type Tensor4D, tf } from '../engine/tf.ts';
import type { Batch } from '../engine/train.ts';
import type { Validation } from './classifier-training.ts';
import { loaderThreads } from './features.ts';
import type { JobContext } from './job.ts';
import { type Loader, openLoader } from './loader/loader.ts';

export interface LabelledImages {
  /** [n, side, side, 3], normalised. */
  images: Float32Array;
  labels: Int32Array;
}

export interface LabelledRows {
  /** [n, dimension] */
  features: Float32Array;
  labels: Int32Array;
}

type LoaderConfig = Pick<EvaluationConfig, 'decode' | 'workers' | 'seed'> & {
  batchSize: number;
  imageSize: number;
  interpolation: EvaluationConfig['interpolation'];
};

/** RandomResizedCrop and flip, another order each epoch; the last batch of an epoch may be smaller. */
export function openCrops(
  listing: DatasetListing,
  config: LoaderConfig & { cropScaleMin: number },
  { report }: JobContext,
): Promise<Loader> {
  return openLoader({
    ...commonOptions(listing, config),
    pipelines: [
      {
        kind: 'view',
        preset: 'plain',
        imageSize: config.imageSize,
        interpolation: config.interpolation,
        cropScale: [config.cropScaleMin, 1],
        jitter: 0,
        greyScale: 0,
        gaussianBlur: 0,
        flip: 0.5,
      },
    ],
    order: 'shuffled',
    onBroken: ({ reason }) => report({ type: 'log', level: 'warning', message: `left out a broken image: ${reason}` }),
  });
}

/** The images of a split as every evaluation sees them, in order; broken ones are left out. */
export function openPlainImages(
  listing: DatasetListing,
  config: LoaderConfig & { fit: EvaluationConfig['fit'] },
): Promise<Loader> {
  const { imageSize, fit, interpolation } = config;
  return openLoader({
    ...commonOptions(listing, config),
    pipelines: [{ kind: 'evaluation', imageSize, fit, interpolation }],
    order: 'sequential',
    cacheBudgetBytes: 2 ** 28,
  });
}

function commonOptions({ files, root }: DatasetListing, { batchSize, seed, decode, workers }: LoaderConfig) {
  const threads = loaderThreads(workers);
  return { files: files.paths(), root: `${root}/`, batchSize, seed, decode, threads, dropLast: false };
}

export async function* imageBatches(
  loader: Loader,
  labels: Int32Array,
  epoch: number,
  fromStep: number,
): AsyncGenerator<Batch<LabelledImages>> {
  for await (const { views, indices, waitedMs } of loader.epoch(epoch, { fromStep })) {
    yield { views: { images: views[0]!, labels: indices.map((index) => labels[index]!) }, waitedMs };
  }
}

/** Rows in an order of their own each epoch, by address (seed, epoch), as the loader's is. */
export async function* rowBatches(
  rows: Rows,
  labels: Int32Array,
  { seed, batchSize }: { seed: number; batchSize: number },
  epoch: number,
  fromStep: number,
): AsyncGenerator<Batch<LabelledRows>> {
  const order = randomAt(seed, 'order', epoch).permutation(rows.count);
  for (let first = fromStep * batchSize; first < rows.count; first += batchSize) {
    const startedMs = performance.now();
    const chosen = order.subarray(first, first + batchSize);
    const features = new Float32Array(chosen.length * rows.dimension);
    const found = await Promise.all(Array.from(chosen, (row) => rows.read(row, row + 1)));
    for (const [place, values] of found.entries()) features.set(values, place * rows.dimension);
    // Steps are short: without a pause the process would never hear a signal or a timer.
    await tf.nextFrame();
    const waitedMs = performance.now() - startedMs;
    yield { views: { features, labels: chosen.map((row) => labels[row]!) }, waitedMs };
  }
}

export function imageTensor({ images, labels }: LabelledImages, side: number): Tensor4D {
  return tf.tensor4d(images.subarray(0, labels.length * side * side * 3), [labels.length, side, side, 3]);
}

interface Judging {
  classes: number;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
}

/** The likeliest labels of rows of features, block by block. */
export async function judgeRows(
  rows: Rows,
  labels: Int32Array,
  logits: (features: Tensor2D) => Tensor2D,
  { classes, signal, onProgress }: Judging,
): Promise<Validation> {
  const judged = startValidation(rows.count, classes);
  for (let first = 0; first < rows.count; first += judgedAtOnce) {
    signal.throwIfAborted();
    const last = Math.min(rows.count, first + judgedAtOnce);
    const values = await rows.read(first, last);
    judged.add(() => logits(tf.tensor2d(values, [last - first, rows.dimension])), labels.subarray(first, last));
    onProgress(last, rows.count);
    await tf.nextFrame();
  }
  return judged.end();
}

const judgedAtOnce = 4096;

/** The likeliest labels of images. */
export async function judgeImages(
  loader: Loader,
  labels: Int32Array,
  side: number,
  logits: (images: Tensor4D) => Tensor2D,
  { classes, signal, onProgress }: Judging,
): Promise<Validation> {
  const judged = startValidation(loader.length, classes);
  let done = 0;
  for await (const { views } of imageBatches(loader, labels, 0, 0)) {
    signal.throwIfAborted();
    judged.add(() => logits(imageTensor(views, side)), views.labels);
    done += views.labels.length;
    onProgress(done, loader.length);
  }
  return judged.end();
}

function startValidation(count: number, classes: number) {
  const most = Math.min(5, classes);
  const likeliest = new Int32Array(count * most);
  const labels = new Int32Array(count);
  let rows = 0;
  return {
    add(logits: () => Tensor2D, own: Int32Array) {
      likeliest.set(
        tf.tidy(() => topK(logits(), most).indices.dataSync() as Int32Array),
        rows * most,
      );
      labels.set(own, rows);
      rows += own.length;
    },
    end: (): Validation => ({
      labels: labels.subarray(0, rows),
      likeliest: likeliest.subarray(0, rows * most),
      most,
    }),
  };
}
