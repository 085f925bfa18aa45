/** best-NN: the accuracy of the best k-nearest-neighbour classifier (ssl-small, arXiv 2107.14762; its eval.knn). */
import { AppError } from '../../common/errors.ts';
import { type FeatureSpace, inSpace } from './feature-space.ts';
import { type Neighbours, nearestNeighbours, type SearchOptions } from './nearest.ts';
import { columnStatistics, memoryRows, type Rows } from './rows.ts';

export interface LabelledFeatures {
  /** [images, dimension], row after row: a backbone's features, or the pixels themselves for that baseline. */
  features: Float32Array | Rows;
  /** [images] */
  labels: Int32Array;
}

export interface BestNeighboursRequest extends SearchOptions {
  /** The images that vote. */
  train: LabelledFeatures;
  /** The images that are classified. */
  probe: LabelledFeatures;
  dimension: number;
  space: FeatureSpace;
  /** Every odd k from 1 to this is tried. */
  kMax: number;
  /** For shift-norm: take the mean of each so many rows, as the published code does. Default: of all rows. */
  meanBatchSize?: number | undefined;
  /** Memory of a block of rows that is compared at once. */
  blockBytes?: number | undefined;
}

export interface BestNeighbours {
  /** Percent. */
  bestAccuracy: number;
  /** The smallest k that reaches it. */
  bestK: number;
  /** Percent, for k = 1, 3, 5, ... */
  accuracyByK: Record<number, number>;
  trainImages: number;
  probeImages: number;
  /** [probe images]: the label that each gets at `bestK`. */
  predicted: Int32Array;
  /** The images that voted: [probe images, k]. */
  neighbours: Neighbours & { k: number };
}

/**
 * Each probe image gets the label of the majority among its k nearest train images (Euclidean distance in `space`);
 * of labels with equally many votes the smallest. Of equally distant images the one that comes first is nearer.
 *
 * Throws `config-invalid` if there are fewer train images than kMax, `data-invalid` for features that are not numbers.
 */
export async function bestNeighbours(request: BestNeighboursRequest): Promise<BestNeighbours> {
  const { train, probe, dimension, space, kMax, meanBatchSize, blockBytes } = request;
  const rows = {
    train: await checkedRows('train', train, dimension),
    probe: await checkedRows('probe', probe, dimension),
  };
  const [trainImages, probeImages] = [train.labels.length, probe.labels.length];
  if (!Number.isInteger(kMax) || kMax < 1 || kMax > trainImages) {
    throw new AppError('config-invalid', `K is ${kMax}, but there are ${trainImages} images to vote.`, {
      field: 'maxNeighbours',
      cure: `Choose a whole number from 1 to ${trainImages}.`,
    });
  }
  const k = kMax - 1 + (kMax % 2);
  const found = await nearestNeighbours(
    {
      train: await inSpace(rows.train, space, { meanBatchSize, blockBytes }),
      probe: await inSpace(rows.probe, space, { meanBatchSize, blockBytes }),
      blockBytes,
    },
    k,
    request,
  );
  const votes = found.indices.map((index) => train.labels[index]!);
  const predictions = predictByK(votes, probeImages, k); // [tried k, probe images]

  const accuracyByK: Record<number, number> = {};
  let [bestK, bestCorrect] = [1, -1];
  predictions.forEach((predicted, place) => {
    let correct = 0;
    for (let image = 0; image < probeImages; image++) if (predicted[image] === probe.labels[image]) correct++;
    const tried = 2 * place + 1;
    accuracyByK[tried] = (100 * correct) / probeImages;
    if (correct > bestCorrect) [bestK, bestCorrect] = [tried, correct];
  });
  const predicted = predictions[(bestK - 1) / 2]!;
  const neighbours = { ...found, k };
  return { bestAccuracy: accuracyByK[bestK]!, bestK, accuracyByK, trainImages, probeImages, predicted, neighbours };
}

/**
 * The label that wins the vote for every odd k up to `k`: an array [images] for each.
 * `votes` [images, k] holds the neighbours' labels, the nearest first.
 */
export function predictByK(votes: Int32Array, images: number, k: number): Int32Array[] {
  const predictions = Array.from({ length: (k + 1) / 2 }, () => new Int32Array(images));
  const counts = new Map<number, number>();
  for (let image = 0; image < images; image++) {
    counts.clear();
    // Counts only grow, so the winner changes only to the label that got the newest vote.
    let [winner, most] = [0, 0];
    for (let place = 0; place < k; place++) {
      const label = votes[image * k + place]!;
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      if (count > most || (count === most && label < winner)) [winner, most] = [label, count];
      if (place % 2 === 0) predictions[place / 2]![image] = winner;
    }
  }
  return predictions;
}

/** The features of a set as rows. Throws `data-invalid` where there are none, or one is no number. */
export async function checkedRows(
  name: string,
  { features, labels }: LabelledFeatures,
  dimension: number,
): Promise<Rows> {
  if (labels.length === 0) throw new AppError('data-invalid', `There are no ${name} images to compare.`);
  const rows = features instanceof Float32Array ? memoryRows(features, dimension) : features;
  if (rows.count !== labels.length || rows.dimension !== dimension) {
    throw new Error(
      `${name}: ${rows.count} x ${rows.dimension} features are not ${labels.length} rows of ${dimension}`,
    );
  }
  const { broken } = await columnStatistics(rows);
  if (!broken) return rows;
  throw new AppError('data-invalid', `Feature ${broken.column} of ${name} image ${broken.row} is ${broken.value}.`, {
    cure: 'The network has diverged: take an earlier checkpoint, or train with a lower learning rate.',
  });
}
