/** The spaces in which features are compared (ssl-small's eval.knn). */

export const featureSpaces = ['original', 'norm', 'shift-norm'] as const;

/** As they are; of unit length; of unit length after their mean is taken off. */
export type FeatureSpace = (typeof featureSpaces)[number];

/**
 * Features [images, dimension], row after row, in a space: the same array for `original`, else a new one, computed in
 * double precision and rounded once. A row of zeros stays zero.
 *
 * `shift-norm` takes the mean over all rows, or, as the published code does, over each `meanBatchSize` rows in turn:
 * its result then depends on the order.
 */
export function toFeatureSpace(
  features: Float32Array,
  dimension: number,
  space: FeatureSpace,
  meanBatchSize: number = Number.POSITIVE_INFINITY,
): Float32Array {
  if (space === 'original') return features;
  const rows = features.length / dimension;
  const result = new Float32Array(features.length);
  for (let first = 0; first < rows; first += meanBatchSize) {
    const batch = features.subarray(first * dimension, Math.min(rows, first + meanBatchSize) * dimension);
    const shift = space === 'shift-norm' ? meanRow(batch, dimension) : new Float64Array(dimension);
    normaliseRows(batch, shift, result.subarray(first * dimension, first * dimension + batch.length));
  }
  return result;
}

/** The mean of rows [images, dimension] -> [dimension]. */
export function meanRow(features: Float32Array, dimension: number): Float64Array {
  const mean = new Float64Array(dimension);
  const rows = features.length / dimension;
  for (let start = 0; start < features.length; start += dimension) {
    for (let column = 0; column < dimension; column++) mean[column]! += features[start + column]!;
  }
  return mean.map((sum) => sum / rows);
}

function normaliseRows(from: Float32Array, shift: Float64Array, to: Float32Array) {
  const dimension = shift.length;
  for (let start = 0; start < from.length; start += dimension) {
    let squares = 0;
    for (let column = 0; column < dimension; column++) squares += (from[start + column]! - shift[column]!) ** 2;
    // The floor of torch.nn.functional.normalize.
    const factor = 1 / Math.max(Math.sqrt(squares), 1e-12);
    for (let column = 0; column < dimension; column++) {
      to[start + column] = (from[start + column]! - shift[column]!) * factor;
    }
  }
}
