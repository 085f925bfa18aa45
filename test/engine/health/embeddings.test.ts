import { describe, expect, test } from 'vitest';
import { symmetricEigenvalues } from '../../../engine/health/eigenvalues.ts';
import { embeddingHealth } from '../../../engine/health/embeddings.ts';
import { randomAt } from '../../../engine/random.ts';

/** [n, d], rows of unit length. */
function unitRows(rows: number[][]): Float32Array {
  return Float32Array.from(rows.flatMap((row) => row.map((value) => value / Math.hypot(...row))));
}
const normalRows = (count: number, dimension: number, shift = 0) => {
  const random = randomAt(1, `rows/${count}/${dimension}`);
  const row = () => Array.from({ length: dimension }, (_, at) => random.normal() + (at === 0 ? shift : 0));
  return Array.from({ length: count }, row);
};

describe('eigenvalues', () => {
  test('of a matrix whose eigenvalues are known in closed form', () => {
    // The second difference of size n: 2 - 2 cos(pi k / (n + 1)).
    const size = 20;
    const matrix = Array.from({ length: size }, (_, i) =>
      Float64Array.from({ length: size }, (_, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
    const found = symmetricEigenvalues(matrix).sort((a, b) => a - b);
    for (const [at, value] of found.entries()) {
      expect(value).toBeCloseTo(2 - 2 * Math.cos((Math.PI * (at + 1)) / (size + 1)), 12);
    }
  });
});

describe('health of embeddings', () => {
  test('of axes, each as often: every figure is known', () => {
    // +e_i and -e_i for each i of d: mean 0, variance 1/d, d equal singular values.
    const dimension = 8;
    const axes = [1, -1].flatMap((sign) =>
      Array.from({ length: dimension }, (_, i) => Array.from({ length: dimension }, (_, j) => (i === j ? sign : 0))),
    );
    const { spread, meanCosine, effectiveRank } = embeddingHealth(unitRows(axes), dimension);
    expect(spread).toBeCloseTo(1, 7);
    expect(meanCosine).toBeCloseTo(-1 / 15, 7); // the sum of all rows is 0
    expect(effectiveRank).toBeCloseTo(dimension, 6);
  });

  test('of one embedding for all: no spread, one direction', () => {
    const { spread, meanCosine, effectiveRank } = embeddingHealth(unitRows(Array(10).fill([1, 2, 3])), 3);
    expect(spread).toBeLessThan(1e-3);
    expect(meanCosine).toBeCloseTo(1, 6);
    expect(effectiveRank).toBeCloseTo(1, 3);
  });

  test('as the slow formulas say, with more images than dimensions and with fewer', () => {
    for (const [count, dimension] of [
      [40, 6],
      [6, 40],
    ] as const) {
      const rows = unitRows(normalRows(count, dimension, 1));
      const row = (at: number) => rows.subarray(at * dimension, (at + 1) * dimension);
      let cosines = 0;
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < count; j++) if (i !== j) cosines += row(i).reduce((sum, x, k) => sum + x * row(j)[k]!, 0);
      }
      const health = embeddingHealth(rows, dimension);
      expect(health.meanCosine).toBeCloseTo(cosines / (count * (count - 1)), 6);
      expect(health.effectiveRank).toBeGreaterThan(1);
      expect(health.effectiveRank).toBeLessThanOrEqual(6);
    }
  });
});
