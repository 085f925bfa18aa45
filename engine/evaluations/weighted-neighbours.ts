/**
 * kNN as the field uses it: neighbours by cosine, each voting for its label with weight exp(cosine / temperature)
 * (Wu et al., "Unsupervised feature learning via non-parametric instance discrimination", arXiv 1805.01978, 3.4).
 */
import { AppError } from '../../common/errors.ts';
import { inSpace } from './feature-space.ts';
import { type Neighbours, nearestNeighbours, type SearchOptions } from './nearest.ts';
import { checkedRows, type LabelledFeatures } from './neighbours.ts';

export interface WeightedVote {
  /** Numbers of neighbours, each of which gives a result. */
  neighbours: readonly number[];
  temperature: number;
}

/** What libraries take: solo-learn's WeightedKNNClassifier, lightly's benchmarks, DINO's eval_knn. */
export const weightedVotes = {
  'solo-learn': { neighbours: [20], temperature: 0.07 },
  lightly: { neighbours: [200], temperature: 0.1 },
  dino: { neighbours: [10, 20, 100, 200], temperature: 0.07 },
} as const satisfies Record<string, WeightedVote>;

export interface WeightedNeighboursRequest extends SearchOptions, WeightedVote {
  train: LabelledFeatures;
  probe: LabelledFeatures;
  dimension: number;
  blockBytes?: number | undefined;
}

export interface WeightedNeighbours {
  /** Percent, by number of neighbours. */
  accuracyByK: Record<number, number>;
  /** Percent of images whose label is among the five with the largest votes. */
  top5ByK: Record<number, number>;
  bestAccuracy: number;
  /** The smallest k that reaches it. */
  bestK: number;
  trainImages: number;
  probeImages: number;
  /** [probe images]: the label that each gets at `bestK`. */
  predicted: Int32Array;
  /** The images that voted: [probe images, k], distances between unit vectors. */
  neighbours: Neighbours & { k: number };
}

/**
 * Of labels with equal votes the smaller one counts as larger. Throws `config-invalid` if there are fewer train images
 * than neighbours, `data-invalid` for features that are not numbers.
 */
export async function weightedNeighbours(request: WeightedNeighboursRequest): Promise<WeightedNeighbours> {
  const { train, probe, dimension, neighbours, temperature, blockBytes } = request;
  const [trainRows, probeRows] = [
    await checkedRows('train', train, dimension),
    await checkedRows('probe', probe, dimension),
  ];
  const most = Math.max(...neighbours);
  if (most > trainRows.count) {
    throw new AppError('config-invalid', `${most} neighbours are asked for, but there are ${trainRows.count} images.`, {
      cure: 'Take more training images, or a protocol with fewer neighbours.',
    });
  }
  const found = await nearestNeighbours(
    {
      train: await inSpace(trainRows, 'norm', { blockBytes }),
      probe: await inSpace(probeRows, 'norm', { blockBytes }),
      blockBytes,
    },
    most,
    request,
  );
  // Between unit vectors: |a - b|^2 = 2 - 2 cosine.
  const weights = found.squaredDistances.map((squared) => Math.exp((1 - squared / 2) / temperature));
  const labels = found.indices.map((index) => train.labels[index]!);

  const correct = new Map(
    neighbours.map((k) => [k, { first: 0, five: 0, predicted: new Int32Array(probeRows.count) }]),
  );
  const votes = new Map<number, number>();
  for (let image = 0; image < probeRows.count; image++) {
    votes.clear();
    for (let place = 0; place < most; place++) {
      const label = labels[image * most + place]!;
      votes.set(label, (votes.get(label) ?? 0) + weights[image * most + place]!);
      const count = correct.get(place + 1);
      if (!count) continue;
      count.predicted[image] = likeliest(votes);
      const rank = rankOf(probe.labels[image]!, votes);
      if (rank < 1) count.first++;
      if (rank < 5) count.five++;
    }
  }

  const percent = (count: number) => (100 * count) / probeRows.count;
  const ordered = [...correct].sort(([left], [right]) => left - right);
  const [bestK, best] = ordered.reduce((best, next) => (next[1].first > best[1].first ? next : best));
  return {
    accuracyByK: Object.fromEntries(ordered.map(([k, { first }]) => [k, percent(first)])),
    top5ByK: Object.fromEntries(ordered.map(([k, { five }]) => [k, percent(five)])),
    bestAccuracy: percent(best.first),
    bestK,
    trainImages: trainRows.count,
    probeImages: probeRows.count,
    predicted: best.predicted,
    neighbours: { ...found, k: most },
  };
}

/** How many labels come before this one; infinite where it got no vote. */
function rankOf(label: number, votes: ReadonlyMap<number, number>): number {
  const mine = votes.get(label);
  if (mine === undefined) return Number.POSITIVE_INFINITY;
  let before = 0;
  for (const [other, vote] of votes) if (vote > mine || (vote === mine && other < label)) before++;
  return before;
}

/** The label with the largest vote. */
function likeliest(votes: ReadonlyMap<number, number>): number {
  let [winner, most] = [-1, Number.NEGATIVE_INFINITY];
  for (const [label, vote] of votes)
    if (vote > most || (vote === most && label < winner)) [winner, most] = [label, vote];
  return winner;
}
