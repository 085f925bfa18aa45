/**
 * t-SNE in the plane, n log n a step: attraction over nearest neighbours, repulsion by Barnes and Hut (van der Maaten
 * 2014). Learning rate, exaggeration and start as recommended by Kobak and Berens (2019, "The art of using t-SNE").
 */
import { AppError } from '../../../common/errors.ts';
import { tf } from '../../tf.ts';
import { nearestNeighbours, type SearchOptions } from '../nearest.ts';
import type { Rows } from '../rows.ts';
import { type Affinities, affinitiesOf } from './affinities.ts';
import { createRepulsion, type Repulsion } from './quad-tree.ts';

export interface TsneOptions extends SearchOptions {
  perplexity: number;
  iterations: number;
  /** Where the points begin, [points, 2]: two principal components; only their directions count. */
  start: Float32Array;
  blockBytes?: number | undefined;
  /** Accuracy of the repulsion, 0 (exact) to 0.7. Default 0.5, as everywhere. */
  theta?: number;
}

export interface Tsne {
  /** [points, 2] */
  positions: Float64Array;
  /** Kullback-Leibler divergence of the two similarities, over neighbours. */
  divergence: number;
}

const exaggeration = 12;
const exaggeratedIterations = 250;
/** Deviation of the points at the start. */
const startDeviation = 1e-4;
/** Share of the bar that finding the neighbours takes. */
const searchShare = 0.1;

/** The perplexity that so many points allow: three times as many neighbours count. Throws `data-invalid` below 4 points. */
export function allowedPerplexity(wanted: number, points: number): number {
  if (points < 4) throw new AppError('data-invalid', `t-SNE needs at least 4 images, there are ${points}.`);
  return Math.min(wanted, (points - 1) / 3);
}

/** Rows [points, dimension] into the plane. Deterministic. Throws the signal's reason when aborted. */
export async function tsne(rows: Rows, options: TsneOptions): Promise<Tsne> {
  const { perplexity, iterations, start, theta = 0.5, signal, onProgress } = options;
  const points = rows.count;
  const affinities = await nearAffinities(rows, perplexity, {
    blockBytes: options.blockBytes,
    signal,
    onProgress: (done) => onProgress?.(searchShare * done),
  });
  const positions = scaledStart(start, points);
  const repulsion = createRepulsion(points);
  const gradient = new Float64Array(2 * points);
  const velocity = new Float64Array(2 * points);
  const gains = new Float64Array(2 * points).fill(1);
  const rate = Math.max(points / exaggeration / 4, 50);
  let normaliser = 1;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const early = iteration < Math.min(exaggeratedIterations, iterations / 2);
    normaliser = tsneGradient(affinities, positions, repulsion, {
      exaggeration: early ? exaggeration : 1,
      theta,
      gradient,
    });
    const momentum = early ? 0.5 : 0.8;
    for (let at = 0; at < gradient.length; at++) {
      const agrees = Math.sign(gradient[at]!) === Math.sign(velocity[at]!);
      gains[at] = Math.max(0.01, agrees ? gains[at]! * 0.8 : gains[at]! + 0.2);
      velocity[at] = momentum * velocity[at]! - rate * gains[at]! * gradient[at]!;
      positions[at]! += velocity[at]!;
    }
    if (iteration % 5 === 4) {
      onProgress?.(searchShare + ((1 - searchShare) * (iteration + 1)) / iterations);
      await tf.nextFrame();
      signal?.throwIfAborted();
    }
  }
  return { positions, divergence: divergenceOf(affinities, positions, normaliser) };
}

/** Similarities of each point to the three times `perplexity` nearest others. */
async function nearAffinities(
  rows: Rows,
  perplexity: number,
  options: SearchOptions & { blockBytes?: number | undefined },
): Promise<Affinities> {
  const k = Math.min(rows.count - 1, Math.ceil(3 * perplexity));
  const found = await nearestNeighbours({ train: rows, probe: rows, blockBytes: options.blockBytes }, k + 1, options);
  const indices = new Int32Array(rows.count * k);
  const squaredDistances = new Float64Array(rows.count * k);
  for (let row = 0; row < rows.count; row++) {
    // A point is its own nearest, unless others lie at the same place.
    const own = found.indices.subarray(row * (k + 1), (row + 1) * (k + 1)).indexOf(row);
    let target = row * k;
    for (let place = 0; place <= k; place++) {
      if (place === own || (own < 0 && place === k)) continue;
      indices[target] = found.indices[row * (k + 1) + place]!;
      squaredDistances[target++] = found.squaredDistances[row * (k + 1) + place]!;
    }
  }
  return affinitiesOf({ indices, squaredDistances }, k, perplexity);
}

interface GradientOptions {
  exaggeration: number;
  theta: number;
  /** Written to. [2 points] */
  gradient: Float64Array;
}

/**
 * Gradient of the divergence (van der Maaten and Hinton 2008, equation 5) with the similarities times `exaggeration`.
 * @returns the sum over all pairs of 1 / (1 + |y_i - y_j|^2), by which similarities in the plane are divided
 */
export function tsneGradient(
  { starts, columns, values }: Affinities,
  positions: Float64Array,
  repulsion: Repulsion,
  { exaggeration, theta, gradient }: GradientOptions,
): number {
  const points = starts.length - 1;
  const normaliser = repulsion(positions, theta, gradient);
  for (let point = 0; point < points; point++) {
    const [x, y] = [positions[2 * point]!, positions[2 * point + 1]!];
    let [attractionX, attractionY] = [0, 0];
    for (let place = starts[point]!; place < starts[point + 1]!; place++) {
      const other = columns[place]!;
      const dx = x - positions[2 * other]!;
      const dy = y - positions[2 * other + 1]!;
      const pull = values[place]! / (1 + dx * dx + dy * dy);
      attractionX += pull * dx;
      attractionY += pull * dy;
    }
    gradient[2 * point] = 4 * (exaggeration * attractionX - gradient[2 * point]! / normaliser);
    gradient[2 * point + 1] = 4 * (exaggeration * attractionY - gradient[2 * point + 1]! / normaliser);
  }
  return normaliser;
}

function divergenceOf({ starts, columns, values }: Affinities, positions: Float64Array, normaliser: number): number {
  let sum = 0;
  for (let point = 0; point + 1 < starts.length; point++) {
    for (let place = starts[point]!; place < starts[point + 1]!; place++) {
      const other = columns[place]!;
      const dx = positions[2 * point]! - positions[2 * other]!;
      const dy = positions[2 * point + 1]! - positions[2 * other + 1]!;
      const q = 1 / (1 + dx * dx + dy * dy) / normaliser;
      if (values[place]! > 0) sum += values[place]! * Math.log(values[place]! / q);
    }
  }
  return sum;
}

/** Both axes by one factor, so that the first has the deviation of a start. */
function scaledStart(start: Float32Array, points: number): Float64Array {
  let squares = 0;
  for (let point = 0; point < points; point++) squares += start[2 * point]! ** 2;
  const scale = squares > 0 ? startDeviation / Math.sqrt(squares / points) : 0;
  return Float64Array.from(start, (value) => value * scale);
}
