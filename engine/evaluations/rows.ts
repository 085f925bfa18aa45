/** Features row after row, which need not be in memory: a measure reads them block by block. */

export interface Rows {
  readonly count: number;
  readonly dimension: number;
  /** Rows `first` up to `last` (exclusive), [last - first, dimension]. Whoever reads them does not write to them. */
  read(first: number, last: number): Promise<Float32Array> | Float32Array;
}

/** An array [count, dimension] as rows. */
export function memoryRows(features: Float32Array, dimension: number): Rows {
  return {
    count: features.length / dimension,
    dimension,
    read: (first, last) => features.subarray(first * dimension, last * dimension),
  };
}

/** Memory of one block: large enough that the backend's start of an operation is nothing. */
export const defaultBlockBytes = 64 * 2 ** 20;

export interface Block {
  first: number;
  last: number;
  /** [last - first, dimension] */
  values: Float32Array;
}

/** All rows in order, as many at a time as fit `blockBytes`, at least one. */
export async function* blocksOf(rows: Rows, blockBytes = defaultBlockBytes): AsyncGenerator<Block> {
  const step = Math.max(1, Math.floor(blockBytes / (4 * rows.dimension)));
  for (let first = 0; first < rows.count; first += step) {
    const last = Math.min(rows.count, first + step);
    yield { first, last, values: await rows.read(first, last) };
  }
}

/** The same rows, in memory where they take no more than `limitBytes` of it: they are then read once. */
export async function heldWithin(rows: Rows, limitBytes: number): Promise<Rows> {
  if (rows.count * rows.dimension * 4 > limitBytes) return rows;
  return memoryRows(await rows.read(0, rows.count), rows.dimension);
}

/** Rows in any order, one by one: [indices, dimension]. */
export async function readEach(rows: Rows, indices: Int32Array): Promise<Float32Array> {
  const values = new Float32Array(indices.length * rows.dimension);
  for (const [place, index] of indices.entries()) values.set(await rows.read(index, index + 1), place * rows.dimension);
  return values;
}

/** Some of the rows, by their places in rising order. */
export function pickedRows(rows: Rows, places: Int32Array): Rows {
  const { dimension } = rows;
  return {
    count: places.length,
    dimension,
    async read(first, last) {
      if (last <= first) return new Float32Array(0);
      const from = places[first]!;
      const all = await rows.read(from, places[last - 1]! + 1);
      const result = new Float32Array((last - first) * dimension);
      for (let place = first; place < last; place++) {
        const start = (places[place]! - from) * dimension;
        result.set(all.subarray(start, start + dimension), (place - first) * dimension);
      }
      return result;
    },
  };
}

export interface ColumnStatistics {
  /** [dimension], in double precision. */
  mean: Float64Array;
  least: Float64Array;
  most: Float64Array;
  /** The first entry that is no finite number; null where all are. */
  broken: { row: number; column: number; value: number } | null;
}

/** Of every column, in one pass. */
export async function columnStatistics(rows: Rows, blockBytes?: number): Promise<ColumnStatistics> {
  const { dimension } = rows;
  const mean = new Float64Array(dimension);
  const least = new Float64Array(dimension).fill(Number.POSITIVE_INFINITY);
  const most = new Float64Array(dimension).fill(Number.NEGATIVE_INFINITY);
  let broken: ColumnStatistics['broken'] = null;
  for await (const { first, values } of blocksOf(rows, blockBytes)) {
    for (let start = 0; start < values.length; start += dimension) {
      for (let column = 0; column < dimension; column++) {
        const value = values[start + column]!;
        mean[column]! += value;
        if (value < least[column]!) least[column] = value;
        if (value > most[column]!) most[column] = value;
        if (!broken && !Number.isFinite(value)) broken = { row: first + start / dimension, column, value };
      }
    }
  }
  return { mean: mean.map((sum) => sum / rows.count), least, most, broken };
}
