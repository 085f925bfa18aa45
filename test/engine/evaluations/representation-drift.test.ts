import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { linearCka, neighbourOverlap } from '../../../engine/evaluations/representation-drift.ts';
import { memoryRows, type Rows } from '../../../engine/evaluations/rows.ts';
import { randomAt } from '../../../engine/random.ts';
import { useBackend } from '../../support/backends.ts';

beforeAll(() => useBackend('wasm'));

function draw(purpose: string, images: number, dimension: number): Float32Array {
  const random = randomAt(7, purpose);
  return Float32Array.from({ length: images * dimension }, () => 2 + random.normal());
}

/** The features of `values` after each row is multiplied by `matrix` [dimension, dimension]. */
function turned(values: Float32Array, matrix: number[][]): Float32Array {
  const dimension = matrix.length;
  return Float32Array.from(values, (_, at) => {
    const row = at - (at % dimension);
    return matrix.reduce((sum, line, column) => sum + values[row + column]! * line[at % dimension]!, 0);
  });
}

/** A reflection I - 2 vv'/v'v. */
function reflection(dimension: number): number[][] {
  const direction = Array.from({ length: dimension }, (_, at) => 1 + (at % 4));
  const squares = direction.reduce((sum, value) => sum + value ** 2, 0);
  return direction.map((a, row) => direction.map((b, column) => (row === column ? 1 : 0) - (2 * a * b) / squares));
}

/** The same by the Gram matrices: tr(KHLH) / sqrt(tr(KHKH) tr(LHLH)) (Kornblith et al. 2019, equations 2 to 4). */
function ckaByGram(left: Float32Array, right: Float32Array, images: number): number {
  const gram = (values: Float32Array) => {
    const dimension = values.length / images;
    const products = Array.from({ length: images }, (_, a) =>
      Array.from({ length: images }, (_, b) => {
        let sum = 0;
        for (let at = 0; at < dimension; at++) sum += values[a * dimension + at]! * values[b * dimension + at]!;
        return sum;
      }),
    );
    const means = products.map((row) => row.reduce((sum, value) => sum + value, 0) / images);
    const mean = means.reduce((sum, value) => sum + value, 0) / images;
    return products.map((row, a) => row.map((value, b) => value - means[a]! - means[b]! + mean));
  };
  const inner = (a: number[][], b: number[][]) =>
    a.reduce((sum, row, at) => sum + row.reduce((part, value, column) => part + value * b[at]![column]!, 0), 0);
  const [k, l] = [gram(left), gram(right)];
  return inner(k, l) / Math.sqrt(inner(k, k) * inner(l, l));
}

test('CKA and overlap equal those of numpy', async () => {
  const folder = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures');
  const { left, right, cka, k, queries, overlap } = JSON.parse(
    readFileSync(join(folder, 'metrics/drift.json'), 'utf8'),
  ) as { left: number[][]; right: number[][]; cka: number; k: number; queries: number[]; overlap: number };
  const rows = (values: number[][]) => memoryRows(Float32Array.from(values.flat()), values[0]!.length);
  // Products within a block are float32.
  expect(Math.abs((await linearCka(rows(left), rows(right))) - cka)).toBeLessThan(1e-6);
  const found = await neighbourOverlap(rows(left), rows(right), { queries: Int32Array.from(queries), k });
  expect(found).toBeCloseTo(overlap, 12);
});

test.each([64, 7])('in blocks of %s rows it is the value of the Gram matrices', async (rowsOfBlock) => {
  const [images, wide, narrow] = [50, 12, 5];
  const left = draw('left', images, wide);
  const right = draw('right', images, narrow).map((value, at) => value + left[Math.floor(at / narrow) * wide]!);
  const read: number[] = [];
  const counted = (values: Float32Array, dimension: number): Rows => ({
    ...memoryRows(values, dimension),
    read(first, last) {
      read.push(last - first);
      return values.subarray(first * dimension, last * dimension);
    },
  });
  const found = await linearCka(counted(left, wide), counted(right, narrow), { blockBytes: rowsOfBlock * 4 * wide });
  expect(Math.abs(found - ckaByGram(left, right, images))).toBeLessThan(1e-6);
  expect(Math.max(...read.slice(-6))).toBeLessThanOrEqual(rowsOfBlock);
});

test('turning, shifting and scaling features changes neither measure', async () => {
  const [images, dimension] = [80, 9];
  const values = draw('own', images, dimension);
  const other = turned(values, reflection(dimension)).map((value) => 40 * value - 3);
  const [left, right] = [memoryRows(values, dimension), memoryRows(other, dimension)];
  expect(Math.abs((await linearCka(left, right)) - 1)).toBeLessThan(1e-6);
  const queries = Int32Array.from({ length: images }, (_, at) => at);
  expect(await neighbourOverlap(left, right, { queries, k: 10 })).toBe(1);
});

test('features that have nothing in common, and images that are all alike', async () => {
  const [images, dimension] = [400, 4];
  const left = memoryRows(draw('one', images, dimension), dimension);
  const right = memoryRows(draw('two', images, dimension), dimension);
  const queries = Int32Array.from({ length: 100 }, (_, at) => 4 * at);
  // By chance (d / n) and k / (n - 1), with four times their spread.
  expect(await linearCka(left, right)).toBeLessThan(0.04);
  expect(await neighbourOverlap(left, right, { queries, k: 10 })).toBeLessThan(0.05);

  // Of images with equal features each has itself among its nearest, or not: it never counts.
  const same = memoryRows(new Float32Array(40).fill(2), 2);
  expect(await neighbourOverlap(same, same, { queries: Int32Array.of(0, 19), k: 3 })).toBe(1);
  await expect(linearCka(same, same)).rejects.toThrow('are the same for all images');
  await expect(neighbourOverlap(same, same, { queries, k: 20 })).rejects.toThrow('20 neighbours are asked for');
});
