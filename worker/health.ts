/** The health of a training run: what is measured on a fixed set of its images, and the end that a rule may bring. */
import { AppError } from '../common/errors.ts';
import { alignment, uniformityOfAll } from '../engine/evaluations/alignment-uniformity.ts';
import { memoryRows } from '../engine/evaluations/rows.ts';
import { embeddingHealth } from '../engine/health/embeddings.ts';
import type { Alarm } from '../engine/health/monitor.ts';
import { normaliseRows } from '../engine/kernels/dense.ts';
import type { NamedArray } from '../engine/models/layout.ts';
import type { Model } from '../engine/models/model.ts';
import { type Tensors, tf } from '../engine/tf.ts';
import type { TrainingImages } from './training-images.ts';

/** Enough for a uniformity that does not jump, few enough to cost seconds. */
const probeImages = 256;

/**
 * Embeddings (the head's output at unit length, by running statistics) of two views of some of the training images,
 * always the same ones: alignment and uniformity (Wang and Isola, arXiv 2005.10242), and what tells of a collapse.
 * Throws an AbortError when the signal says so.
 */
export async function measureHealth(
  images: TrainingImages,
  imageSize: number,
  { model, parameters, buffers }: { model: Model; parameters: Tensors; buffers: Tensors },
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const loader = await images.sample(probeImages);
  const { outputSize } = model;
  const views: number[][] = [[], []];
  try {
    for await (const batch of loader.epoch(0)) {
      signal.throwIfAborted();
      const count = batch.indices.length;
      for (const [at, pixels] of batch.views.entries()) {
        const shape: [number, number, number, number] = [count, imageSize, imageSize, 3];
        const embeddings = tf.tidy(() => {
          const images = tf.tensor4d(pixels.subarray(0, count * imageSize * imageSize * 3), shape);
          return normaliseRows(model.forward(parameters, buffers, images, { training: false }).output).dataSync();
        });
        for (const value of embeddings) views[at]!.push(value);
      }
    }
  } finally {
    await loader.close();
  }
  const first = Float32Array.from(views[0]!);
  if (first.length < 2 * outputSize || !first.every(Number.isFinite)) return {};
  const rows = memoryRows(first, outputSize);
  return {
    ...(views[1]!.length === first.length && {
      alignment: await alignment(rows, memoryRows(Float32Array.from(views[1]!), outputSize)),
    }),
    uniformity: await uniformityOfAll(rows),
    ...embeddingHealth(first, outputSize),
  };
}

/** What ends a run that a rule stops; its last checkpoint was written before. */
export function healthStop({ message, cure }: Pick<Alarm, 'message' | 'cure'>): AppError {
  return new AppError('health-stop', `${message} Training has stopped; the last checkpoint is from before.`, { cure });
}

/** The name of the first tensor with an entry that is no finite number. */
export function firstNotFinite(arrays: readonly NamedArray[]): string | undefined {
  return arrays.find(({ data }) => data instanceof Float32Array && !data.every(Number.isFinite))?.name;
}
