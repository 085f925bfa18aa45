/** The spaces in which features are compared (ssl-small's eval.knn). */
import { columnStatistics, defaultBlockBytes, heldWithin, type Rows } from './rows.ts';

export const featureSpaces = ['original', 'norm', 'shift-norm'] as const;

/** As they are; of unit length; of unit length after their mean is taken off. */
export type FeatureSpace = (typeof featureSpaces)[number];

/**
 * Rows in a space, computed in double precision and rounded once. A row of zeros stays zero.
 *
 * `shift-norm` takes the mean over all rows, or, as the published code does, over each `meanBatchSize` rows in turn:
 * its result then depends on the order. Rows that fill no more than a few blocks are converted once and kept.
 */
export async function inSpace(
  rows: Rows,
  space: FeatureSpace,
  options: { meanBatchSize?: number | undefined; blockBytes?: number | undefined } = {},
): Promise<Rows> {
  const { meanBatchSize = Number.POSITIVE_INFINITY, blockBytes = defaultBlockBytes } = options;
  const converted = await convertedRows(rows, space, meanBatchSize);
  return converted === rows ? rows : heldWithin(converted, 4 * blockBytes);
}

async function convertedRows(rows: Rows, space: FeatureSpace, meanBatchSize: number): Promise<Rows> {
  if (space === 'original') return rows;
  if (space === 'norm') return unitRows(rows, new Float64Array(rows.dimension));
  if (meanBatchSize >= rows.count) return unitRows(rows, (await columnStatistics(rows)).mean);
  return {
    ...rows,
    async read(first, last) {
      const result = new Float32Array((last - first) * rows.dimension);
      for (let batch = first - (first % meanBatchSize); batch < last; batch += meanBatchSize) {
        const end = Math.min(rows.count, batch + meanBatchSize);
        const part = { ...rows, count: end - batch, read: (a: number, b: number) => rows.read(batch + a, batch + b) };
        const shifted = unitRows(part, (await columnStatistics(part)).mean);
        const [from, to] = [Math.max(first, batch), Math.min(last, end)];
        result.set(await shifted.read(from - batch, to - batch), (from - first) * rows.dimension);
      }
      return result;
    },
  };
}

function unitRows(rows: Rows, shift: Float64Array): Rows {
  return { ...rows, read: async (first, last) => normalised(await rows.read(first, last), shift) };
}

function normalised(from: Float32Array, shift: Float64Array): Float32Array {
  const dimension = shift.length;
  const to = new Float32Array(from.length);
  for (let start = 0; start < from.length; start += dimension) {
    let squares = 0;
    for (let column = 0; column < dimension; column++) squares += (from[start + column]! - shift[column]!) ** 2;
    // The floor of torch.nn.functional.normalize.
    const factor = 1 / Math.max(Math.sqrt(squares), 1e-12);
    for (let column = 0; column < dimension; column++) {
      to[start + column] = (from[start + column]! - shift[column]!) * factor;
    }
  }
  return to;
}
