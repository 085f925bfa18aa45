/** Input similarities of t-SNE (van der Maaten and Hinton 2008, equations 1 and 2), over nearest neighbours only (2014). */
import type { Neighbours } from '../nearest.ts';

/** A sparse symmetric matrix that sums to 1: row i has the entries from starts[i] up to starts[i + 1]. */
export interface Affinities {
  /** [points + 1] */
  starts: Int32Array;
  columns: Int32Array;
  values: Float64Array;
}

/** Of neighbours [points, k] in which no point is its own; `perplexity` is at most k. */
export function affinitiesOf({ indices, squaredDistances }: Neighbours, k: number, perplexity: number): Affinities {
  const points = indices.length / k;
  const conditional = new Float64Array(indices.length);
  for (let row = 0; row < points; row++) {
    calibrate(squaredDistances.subarray(row * k, (row + 1) * k), perplexity, conditional, row * k);
  }
  return symmetric(indices, conditional, points, k);
}

/** Finds the precision at which the neighbours' distribution has the perplexity, by bisection. */
function calibrate(squares: Float64Array, perplexity: number, out: Float64Array, offset: number): void {
  const wanted = Math.log(perplexity);
  const nearest = squares[0]!; // taken off: it changes nothing but keeps the exponentials away from 0
  let [low, high, precision] = [0, Number.POSITIVE_INFINITY, 1 / Math.max(meanOf(squares) - nearest, 1e-30)];
  let sum = 0;
  for (let round = 0; round < 100; round++) {
    sum = 0;
    let moment = 0;
    for (const [place, square] of squares.entries()) {
      const weight = Math.exp(-precision * (square - nearest));
      out[offset + place] = weight;
      sum += weight;
      moment += weight * (square - nearest);
    }
    const entropy = Math.log(sum) + (precision * moment) / sum;
    if (Math.abs(entropy - wanted) < 1e-5) break;
    if (entropy > wanted)
      [low, precision] = [precision, high === Number.POSITIVE_INFINITY ? 2 * precision : (precision + high) / 2];
    else [high, precision] = [precision, (precision + low) / 2];
  }
  for (let place = 0; place < squares.length; place++) out[offset + place]! /= sum;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** (p(j|i) + p(i|j)) / 2n */
function symmetric(indices: Int32Array, conditional: Float64Array, points: number, k: number): Affinities {
  const rows = Array.from({ length: points }, () => new Map<number, number>());
  for (let row = 0; row < points; row++) {
    for (let place = row * k; place < (row + 1) * k; place++) {
      const column = indices[place]!;
      const half = conditional[place]! / (2 * points);
      rows[row]!.set(column, (rows[row]!.get(column) ?? 0) + half);
      rows[column]!.set(row, (rows[column]!.get(row) ?? 0) + half);
    }
  }
  const total = rows.reduce((sum, row) => sum + row.size, 0);
  const starts = new Int32Array(points + 1);
  const columns = new Int32Array(total);
  const values = new Float64Array(total);
  let place = 0;
  for (const [row, entries] of rows.entries()) {
    for (const [column, value] of entries) {
      columns[place] = column;
      values[place++] = value;
    }
    starts[row + 1] = place;
  }
  return { starts, columns, values };
}
