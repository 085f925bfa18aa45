/**
 * Principal components of features: the leading eigenvectors of their covariance, by subspace iteration with a
 * Rayleigh-Ritz step (Halko, Martinsson and Tropp 2011, arXiv 0909.4061, algorithm 4.4, on the covariance).
 */
import { randomAt } from '../../random.ts';
import { type Tensor2D, tf } from '../../tf.ts';
import type { SearchOptions } from '../nearest.ts';
import { blocksOf, columnStatistics, type Rows } from '../rows.ts';
import { eigenOfSymmetric } from './symmetric-eigen.ts';

export interface Components {
  /** [dimension] */
  mean: Float64Array;
  /** [count, dimension]: unit vectors, the one with the most variance first; the largest entry of each is positive. */
  vectors: Float64Array;
  /** [count]: along each. */
  variances: Float64Array;
  /** Of all dimensions together. */
  totalVariance: number;
}

/** Beside the wanted vectors: the subspace converges as the gap behind these. */
const spareVectors = 10;
const mostIterations = 50;
/** Change of the variances between two iterations, as a share of the largest: below it, what turns is noise. */
const convergence = 1e-6;

/** The first `count` components, at most as many as there are dimensions. Throws the signal's reason when aborted. */
export async function principalComponents(
  rows: Rows,
  count: number,
  { blockBytes, signal }: Pick<SearchOptions, 'signal'> & { blockBytes?: number | undefined } = {},
): Promise<Components> {
  const { dimension } = rows;
  const { mean } = await columnStatistics(rows, blockBytes);
  const covariance = await covarianceOf(rows, mean, blockBytes, signal);
  const totalVariance = tf.tidy(() => {
    const diagonal = tf.range(0, dimension, 1, 'int32');
    return tf.sum(tf.gatherND(covariance, tf.stack([diagonal, diagonal], 1))).dataSync()[0]!;
  });
  const width = Math.min(dimension, count + spareVectors);
  const random = randomAt(0, 'principal-components');
  let basis = orthonormalRows(
    Float64Array.from({ length: width * dimension }, () => random.normal()),
    width,
    dimension,
  );
  let variances: Float64Array = new Float64Array(width);
  try {
    for (let iteration = 0; iteration < mostIterations; iteration++) {
      signal?.throwIfAborted();
      const image = times(basis, covariance, width);
      const found = rayleighRitz(basis, image, width, dimension);
      const change = Math.max(
        ...found.variances.subarray(0, count).map((value, at) => Math.abs(value - variances[at]!)),
      );
      variances = found.variances;
      if (change <= convergence * Math.max(variances[0]!, Number.MIN_VALUE)) {
        basis = found.vectors;
        break;
      }
      basis = orthonormalRows(found.images, width, dimension);
      await tf.nextFrame();
    }
  } finally {
    covariance.dispose();
  }
  const kept = Math.min(count, width);
  const vectors = basis.slice(0, kept * dimension);
  for (let row = 0; row < kept; row++) turnUp(vectors.subarray(row * dimension, (row + 1) * dimension));
  return { mean, vectors, variances: variances.slice(0, kept), totalVariance };
}

/** The rows along the components: [rows, count]. */
export async function projectOnto(
  rows: Rows,
  { mean, vectors, variances }: Components,
  blockBytes?: number,
): Promise<Float32Array> {
  const { dimension } = rows;
  const count = variances.length;
  const result = new Float32Array(rows.count * count);
  const columns = tf.tidy(() => tf.transpose(tf.tensor2d(Float32Array.from(vectors), [count, dimension])));
  for await (const { first, last, values } of blocksOf(rows, blockBytes)) {
    const projected = tf.tidy(() => {
      const centred = tf.tensor2d(centredRows(values, mean), [last - first, dimension]);
      return tf.matMul(centred, columns).dataSync();
    });
    result.set(projected, first * count);
  }
  columns.dispose();
  return result;
}

function centredRows(values: Float32Array, mean: Float64Array): Float32Array {
  const dimension = mean.length;
  return values.map((value, at) => value - mean[at % dimension]!);
}

/** [dimension, dimension], divided by the rows less one. */
async function covarianceOf(rows: Rows, mean: Float64Array, blockBytes?: number, signal?: AbortSignal) {
  const { dimension } = rows;
  let sum = tf.zeros([dimension, dimension]) as Tensor2D;
  for await (const { first, last, values } of blocksOf(rows, blockBytes)) {
    if (signal?.aborted) sum.dispose();
    signal?.throwIfAborted();
    const before = sum;
    sum = tf.tidy(() => {
      const centred = tf.tensor2d(centredRows(values, mean), [last - first, dimension]);
      return tf.add(before, tf.matMul(centred, centred, true, false)) as Tensor2D;
    });
    before.dispose();
    await tf.nextFrame();
  }
  const covariance = tf.div(sum, Math.max(1, rows.count - 1)) as Tensor2D;
  sum.dispose();
  return covariance;
}

/** rows [width, dimension] times a symmetric matrix. */
function times(rows: Float64Array, matrix: Tensor2D, width: number): Float64Array {
  return Float64Array.from(
    tf.tidy(() => tf.matMul(tf.tensor2d(Float32Array.from(rows), [width, matrix.shape[0]]), matrix).dataSync()),
  );
}

/** The best eigenvectors within the space of the basis: vectors and their images [width, dimension], variances [width]. */
function rayleighRitz(basis: Float64Array, image: Float64Array, width: number, dimension: number) {
  const small = new Float64Array(width * width);
  for (let row = 0; row < width; row++) {
    for (let column = 0; column <= row; column++) {
      let product = 0;
      for (let at = 0; at < dimension; at++) product += basis[row * dimension + at]! * image[column * dimension + at]!;
      small[row * width + column] = product;
      small[column * width + row] = product;
    }
  }
  const { values, vectors } = eigenOfSymmetric(small, width);
  const combined = (rows: Float64Array) => {
    const result = new Float64Array(width * dimension);
    for (let row = 0; row < width; row++) {
      for (let other = 0; other < width; other++) {
        const weight = vectors[row * width + other]!;
        for (let at = 0; at < dimension; at++) result[row * dimension + at]! += weight * rows[other * dimension + at]!;
      }
    }
    return result;
  };
  return { variances: values, vectors: combined(basis), images: combined(image) };
}

/** Gram and Schmidt, twice for rounding. Rows that are nothing beside the others are left at 0. */
function orthonormalRows(rows: Float64Array, width: number, dimension: number): Float64Array {
  const result = rows.slice();
  for (let row = 0; row < width; row++) {
    const own = result.subarray(row * dimension, (row + 1) * dimension);
    const before = Math.hypot(...own);
    for (let round = 0; round < 2; round++) {
      for (let other = 0; other < row; other++) {
        const base = result.subarray(other * dimension, (other + 1) * dimension);
        let product = 0;
        for (let at = 0; at < dimension; at++) product += own[at]! * base[at]!;
        for (let at = 0; at < dimension; at++) own[at]! -= product * base[at]!;
      }
    }
    const length = Math.hypot(...own);
    const scale = length > 1e-9 * before ? 1 / length : 0;
    for (let at = 0; at < dimension; at++) own[at]! *= scale;
  }
  return result;
}

/** A component is as good as its negative: one of the two is chosen. */
function turnUp(vector: Float64Array): void {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  if (largest < 0) for (let at = 0; at < vector.length; at++) vector[at] = -vector[at]!;
}
