import { beforeAll, describe, expect, test } from 'vitest';
import { affinitiesOf } from '../../../../engine/evaluations/projection/affinities.ts';
import { principalComponents, projectOnto } from '../../../../engine/evaluations/projection/pca.ts';
import { createRepulsion } from '../../../../engine/evaluations/projection/quad-tree.ts';
import { eigenOfSymmetric } from '../../../../engine/evaluations/projection/symmetric-eigen.ts';
import { allowedPerplexity, tsne, tsneGradient } from '../../../../engine/evaluations/projection/tsne.ts';
import { memoryRows } from '../../../../engine/evaluations/rows.ts';
import { randomAt } from '../../../../engine/random.ts';
import { backendNames, useBackend } from '../../../support/backends.ts';

const normals = (name: string, length: number, scale = 1) => {
  const random = randomAt(9, name);
  return Float64Array.from({ length }, () => scale * random.normal());
};

test('eigenvectors of a matrix whose eigenvalues are known', () => {
  // [[2, 1, 0], [1, 2, 0], [0, 0, 5]]: 5, 3 and 1.
  const { values, vectors } = eigenOfSymmetric(Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, 5), 3);
  [5, 3, 1].forEach((value, at) => {
    expect(values[at]).toBeCloseTo(value, 12);
  });
  expect(Math.abs(vectors[2]!)).toBeCloseTo(1, 12);
  expect(Math.abs(vectors[3]! + vectors[4]!)).toBeCloseTo(Math.SQRT2, 12);
});

describe.each(backendNames)('principal components on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('points along known axes: directions, variances and places by the closed form', async () => {
    // +-a e_i for three orthonormal axes e_i in 40 dimensions around a mean: variance 2 a^2 / (n - 1) along each.
    const dimension = 40;
    const lengths = [7, 3, 2];
    const axes = [0, 1, 2].map((axis) => {
      // Columns of a discrete cosine transform are orthonormal.
      const wave = (at: number) => Math.sqrt(2 / dimension) * Math.cos((Math.PI * (at + 0.5) * (axis + 1)) / dimension);
      return Float64Array.from({ length: dimension }, (_, at) => wave(at));
    });
    const points = axes.flatMap((axis, at) =>
      [1, -1].map((sign) => axis.map((value) => sign * lengths[at]! * value + 10)),
    );
    const rows = memoryRows(Float32Array.from(points.flatMap((point) => [...point])), dimension);
    const found = await principalComponents(rows, 3);
    const places = await projectOnto(rows, found, 256);
    for (const [at, axis] of axes.entries()) {
      expect(found.variances[at]! / ((2 * lengths[at]! ** 2) / 5)).toBeCloseTo(1, 5); // float32 entries
      const product = axis.reduce((sum, value, place) => sum + value * found.vectors[at * dimension + place]!, 0);
      expect(Math.abs(product)).toBeCloseTo(1, 5);
      expect(Math.abs(places[2 * at * 3 + at]!)).toBeCloseTo(lengths[at]!, 4);
    }
    expect(found.totalVariance / found.variances.reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
  });

  test('more components than the points span: the rest has no variance', async () => {
    const rows = memoryRows(Float32Array.from(normals('few', 5 * 12)), 12);
    const { variances } = await principalComponents(rows, 12);
    expect(variances[3]!).toBeGreaterThan(1e-3);
    for (const variance of variances.subarray(4)) expect(Math.abs(variance)).toBeLessThan(1e-5);
  });
});

describe('t-SNE', () => {
  beforeAll(() => useBackend(process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'native'));

  test('neighbours weigh so much that the perplexity is the wanted one', () => {
    const [points, k] = [40, 30];
    const squaredDistances = normals('squares', points * k).map((value) => value ** 2 * 50);
    for (let row = 0; row < points; row++) squaredDistances.subarray(row * k, (row + 1) * k).sort();
    const indices = Int32Array.from({ length: points * k }, (_, at) => (Math.floor(at / k) + 1 + (at % k)) % points);
    const { starts, columns, values } = affinitiesOf({ indices, squaredDistances }, k, 10);
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    const entry = (row: number, column: number) => {
      const place = columns.subarray(starts[row], starts[row + 1]).indexOf(column);
      return place < 0 ? 0 : values[starts[row]! + place]!;
    };
    for (let row = 0; row < points; row++) expect(entry(row, 3)).toBeCloseTo(entry(3, row), 15);

    // One point that is nobody's neighbour: its row is its own distribution over 2n.
    const lonely = affinitiesOf(
      {
        indices: Int32Array.of(1, 2, 3, 2, 3, 1, 1, 3, 2, 1, 2, 3),
        squaredDistances: Float64Array.of(1, 4, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1),
      },
      3,
      2,
    );
    const own = lonely.values.subarray(lonely.starts[0], lonely.starts[1]).map((value) => value * 8);
    const entropy = own.reduce((sum, value) => sum - value * Math.log(value), 0);
    expect(Math.exp(entropy)).toBeCloseTo(2, 3); // the search stops within 1e-5 nats
  });

  test('the gradient of the tree is that of all pairs', () => {
    const [points, k] = [300, 20];
    const positions = normals('positions', 2 * points, 5);
    positions.copyWithin(20, 0, 2); // two points at one place
    positions.copyWithin(22, 0, 2); // and a third
    const indices = Int32Array.from(
      { length: points * k },
      (_, at) => (Math.floor(at / k) + 1 + (at % k) * 7) % points,
    );
    const squares = Float64Array.from({ length: points * k }, (_, at) => 1 + (at % k));
    const affinities = affinitiesOf({ indices, squaredDistances: squares }, k, 6);

    const expected = new Float64Array(2 * points);
    let normaliser = 0;
    const q = (i: number, j: number) => {
      const [dx, dy] = [positions[2 * i]! - positions[2 * j]!, positions[2 * i + 1]! - positions[2 * j + 1]!];
      return { dx, dy, value: 1 / (1 + dx * dx + dy * dy) };
    };
    for (let i = 0; i < points; i++) for (let j = 0; j < points; j++) if (i !== j) normaliser += q(i, j).value;
    for (let i = 0; i < points; i++) {
      const own = new Map<number, number>();
      for (let place = affinities.starts[i]!; place < affinities.starts[i + 1]!; place++) {
        own.set(affinities.columns[place]!, affinities.values[place]!);
      }
      for (let j = 0; j < points; j++) {
        if (i === j) continue;
        const { dx, dy, value } = q(i, j);
        const factor = 4 * (3 * (own.get(j) ?? 0) - value / normaliser) * value;
        expected[2 * i]! += factor * dx;
        expected[2 * i + 1]! += factor * dy;
      }
    }
    const repulsion = createRepulsion(points);
    const gradient = new Float64Array(2 * points);
    const length = (values: Float64Array) => Math.hypot(...values);
    const error = () => length(gradient.map((value, at) => value - expected[at]!)) / length(expected);
    const sum = tsneGradient(affinities, positions, repulsion, { exaggeration: 3, theta: 0, gradient });
    expect(sum / normaliser).toBeCloseTo(1, 12);
    expect(error()).toBeLessThan(1e-12);
    // van der Maaten (2014, figure 3) has about a percent at 0.5.
    tsneGradient(affinities, positions, repulsion, { exaggeration: 3, theta: 0.5, gradient });
    expect(error()).toBeLessThan(0.02);
  });

  test('clusters stay clusters, twice the same, and a few points are refused', async () => {
    const [clusters, each, dimension] = [3, 40, 8];
    const points = clusters * each;
    const noise = normals('noise', points * dimension);
    const rows = memoryRows(
      Float32Array.from(noise, (value, at) => value + (at % dimension === Math.floor(at / dimension / each) ? 12 : 0)),
      dimension,
    );
    const start = await projectOnto(rows, await principalComponents(rows, 2));
    const options = { perplexity: allowedPerplexity(10, points), iterations: 300, start };
    const { positions, divergence } = await tsne(rows, options);
    expect((await tsne(rows, options)).positions).toEqual(positions);
    // Nearest in the plane is of the same cluster.
    for (let i = 0; i < points; i++) {
      let [nearest, least] = [-1, Number.POSITIVE_INFINITY];
      for (let j = 0; j < points; j++) {
        const square =
          (positions[2 * i]! - positions[2 * j]!) ** 2 + (positions[2 * i + 1]! - positions[2 * j + 1]!) ** 2;
        if (i !== j && square < least) [nearest, least] = [j, square];
      }
      expect(Math.floor(nearest / each)).toBe(Math.floor(i / each));
    }
    expect(divergence).toBeGreaterThan(0);
    expect(divergence).toBeLessThan(1); // all at one place: ln(n / neighbours that count), above 1.4
    expect(() => allowedPerplexity(30, 3)).toThrow('at least 4 images');
    expect(allowedPerplexity(30, 31)).toBe(10);
  });
});
