/** Images to feature vectors, through a frozen backbone or as raw pixels. */
import { availableParallelism } from 'node:os';
import { AppError } from '../common/errors.ts';
import { extractFeatures } from '../engine/models/features.ts';
import type { Model } from '../engine/models/model.ts';
import { type Tensors, tf } from '../engine/tf.ts';
import type { EvaluationConfig } from '../engine/views/pipeline.ts';
import type { DecodeMode } from './images/decode.ts';
import { type BrokenPicture, openLoader } from './loader/loader.ts';
import type { LabelledFiles } from './probe-set.ts';

/** images [n, s, s, 3], normalised, to [n, dimension] in `out` from `offset` on. */
export interface Extractor {
  dimension: number;
  extract(images: Float32Array, count: number, out: Float32Array, offset: number): void;
}

export interface CollectOptions {
  transform: EvaluationConfig;
  decode: DecodeMode;
  batchSize: number;
  threads: number;
  onProgress?: (done: number, total: number) => void;
  onBroken?: (picture: BrokenPicture) => void;
  signal?: AbortSignal;
}

export interface CollectedFeatures {
  /** [images, dimension], row-major. */
  features: Float32Array;
  /** [images]; broken images are left out of both. */
  labels: Int32Array;
}

export async function collectFeatures(
  set: LabelledFiles,
  extractor: Extractor,
  options: CollectOptions,
): Promise<CollectedFeatures> {
  const { dimension } = extractor;
  const features = new Float32Array(set.files.length * dimension);
  const labels = new Int32Array(set.files.length);
  const loader = await openLoader({
    files: set.files,
    pipelines: [{ kind: 'evaluation', ...options.transform }],
    batchSize: options.batchSize,
    seed: 0, // nothing is random here
    order: 'sequential',
    dropLast: false,
    decode: options.decode,
    threads: options.threads,
    cacheBudgetBytes: 0, // each image is read once
    onBroken: options.onBroken,
  });
  try {
    let count = 0;
    for await (const { indices, views } of loader.epoch(0)) {
      options.signal?.throwIfAborted();
      extractor.extract(views[0]!, indices.length, features, count * dimension);
      for (const index of indices) labels[count++] = set.labels[index]!;
      options.onProgress?.(count, set.files.length);
    }
    if (count === 0) throw new AppError('data-invalid', `All ${set.files.length} images of ${set.name} are broken.`);
    return { features: features.subarray(0, count * dimension), labels: labels.subarray(0, count) };
  } finally {
    await loader.close();
  }
}

/** The input of `fc` by running statistics: what every evaluation of the reference uses. */
export function backboneExtractor(model: Model, parameters: Tensors, buffers: Tensors, imageSize: number): Extractor {
  return {
    dimension: model.featureSize,
    extract(images, count, out, offset) {
      const shape: [number, number, number, number] = [count, imageSize, imageSize, 3];
      const batch = tf.tensor4d(images.subarray(0, count * imageSize * imageSize * 3), shape);
      const features = extractFeatures(model, parameters, buffers, batch);
      out.set(features.dataSync(), offset);
      tf.dispose([batch, features]);
    },
  };
}

export function pixelExtractor(imageSize: number): Extractor {
  const dimension = imageSize * imageSize * 3;
  return {
    dimension,
    extract: (images, count, out, offset) => out.set(images.subarray(0, count * dimension), offset),
  };
}

/** What `workers: 0` means: a core is left to the step, which uses them all in between. */
export function loaderThreads(workers: number): number {
  return workers > 0 ? workers : Math.max(1, Math.min(availableParallelism() - 1, 16));
}
