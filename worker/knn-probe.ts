/** kNN accuracy of the net in training on the probe set, and of what it must beat: raw pixels. */

import { bestNeighbours } from '../engine/evaluations/neighbours.ts';
import type { Model } from '../engine/models/model.ts';
import type { Tensors } from '../engine/tf.ts';
import type { EvaluationConfig } from '../engine/views/pipeline.ts';
import { backboneExtractor, type CollectOptions, collectFeatures, type Extractor, pixelExtractor } from './features.ts';
import type { ProbeSet } from './probe-set.ts';

export interface KnnProbe {
  /** Percent at the best k, and that k; other sets than `val` under `bestAccuracy.<what its name adds>`. */
  measure(model: Model, parameters: Tensors, buffers: Tensors): Promise<Record<string, number>>;
  /** The same protocol on pixels, of images no larger than 32 px: larger ones would only cost more. */
  measurePixels(): Promise<Record<string, number>>;
  /** Accuracy of guessing, percent. */
  chance: number;
  protocol: Record<string, unknown>;
}

export interface KnnProbeOptions extends Omit<CollectOptions, 'transform' | 'onProgress'> {
  transform: EvaluationConfig;
  maxNeighbours: number;
  onProgress(stage: string, done: number, total: number): void;
}

const space = 'original';
const largestPixelSide = 32;

export function createKnnProbe(set: ProbeSet, options: KnnProbeOptions): KnnProbe {
  const { transform, maxNeighbours, signal } = options;

  async function measure(extractor: Extractor, transform: EvaluationConfig, what: string) {
    const stage = `measuring kNN of ${what}`;
    const total = [set.bank, ...set.probes].reduce((sum, { files }) => sum + files.length, 0);
    let before = 0;
    const collect = async (files: (typeof set)['bank']) => {
      const onProgress = (done: number) => options.onProgress(stage, before + done, total);
      const collected = await collectFeatures(files, extractor, { ...options, transform, onProgress });
      before += files.files.length;
      return collected;
    };
    const train = await collect(set.bank);
    const values: Record<string, number> = {};
    for (const probe of set.probes) {
      const { bestAccuracy, bestK } = await bestNeighbours({
        train,
        probe: await collect(probe),
        dimension: extractor.dimension,
        space,
        kMax: maxNeighbours,
        signal,
      });
      const suffix = probe === set.probes[0] ? '' : `.${probe.name.replace(/^val[-_.]/, '')}`;
      values[`bestAccuracy${suffix}`] = bestAccuracy;
      values[`bestK${suffix}`] = bestK;
    }
    return values;
  }

  return {
    measure: (model, parameters, buffers) =>
      measure(backboneExtractor(model, parameters, buffers, transform.imageSize), transform, 'the net'),
    measurePixels() {
      const imageSize = Math.min(transform.imageSize, largestPixelSide);
      return measure(pixelExtractor(imageSize), { ...transform, imageSize }, 'raw pixels');
    },
    chance: 100 / set.classes.length,
    protocol: {
      measure: 'best-NN',
      space,
      distance: 'euclidean',
      maxNeighbours,
      ...transform,
      encoder: 'q',
      bankImages: set.bank.files.length,
      probeImages: set.probes[0]!.files.length,
    },
  };
}
