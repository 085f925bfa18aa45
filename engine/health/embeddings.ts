/** What the embeddings of a fixed set of images say about a net. All sums are in double precision. */
import { symmetricEigenvalues } from './eigenvalues.ts';

export interface EmbeddingHealth {
  /** Deviation over the images, mean over dimensions, times sqrt(d): 1 for a well spread unit sphere, 0 collapsed. */
  spread: number;
  /** Mean cosine of two different images. */
  meanCosine: number;
  /** exp of the entropy of the singular values over their sum (Roy and Vetterli 2007), 1 to min(n, d). */
  effectiveRank: number;
}

/** rows [n, d], of unit length, n at least 2. */
export function embeddingHealth(rows: Float32Array, dimension: number): EmbeddingHealth {
  const count = rows.length / dimension;
  const mean = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  for (let at = 0; at < rows.length; at++) {
    mean[at % dimension]! += rows[at]! / count;
    squares[at % dimension]! += rows[at]! ** 2 / count;
  }
  let deviations = 0;
  let meanLength = 0; // squared
  for (let column = 0; column < dimension; column++) {
    deviations += Math.sqrt(Math.max(0, squares[column]! - mean[column]! ** 2));
    meanLength += mean[column]! ** 2;
  }
  return {
    spread: (deviations / dimension) * Math.sqrt(dimension),
    // The sum over all pairs is |sum of rows|^2, of which n are an image with itself.
    meanCosine: (count * meanLength - 1) / (count - 1),
    effectiveRank: effectiveRank(rows, dimension),
  };
}

function effectiveRank(rows: Float32Array, dimension: number): number {
  const singular = symmetricEigenvalues(gram(rows, dimension)).map((value) => Math.sqrt(Math.max(0, value)));
  const sum = singular.reduce((total, value) => total + value, 0);
  let entropy = 0;
  for (const value of singular) if (value > 0) entropy -= (value / sum) * Math.log(value / sum);
  return Math.exp(entropy);
}

/** Products of rows, or of columns, whichever are fewer: both have the squared singular values. */
function gram(rows: Float32Array, dimension: number): Float64Array[] {
  const count = rows.length / dimension;
  const byRow = count <= dimension;
  const size = Math.min(count, dimension);
  const [along, stride] = byRow ? [dimension, 1] : [1, dimension];
  const length = byRow ? dimension : count;
  return Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += rows[i * along + k * stride]! * rows[j * along + k * stride]!;
      return sum;
    }),
  );
}
