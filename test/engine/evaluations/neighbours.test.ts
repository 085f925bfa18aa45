import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FeatureSpace, featureSpaces, inSpace } from '../../../engine/evaluations/feature-space.ts';
import { nearestNeighbours } from '../../../engine/evaluations/nearest.ts';
import { bestNeighbours, predictByK } from '../../../engine/evaluations/neighbours.ts';
import { memoryRows } from '../../../engine/evaluations/rows.ts';
import { randomAt } from '../../../engine/random.ts';
import { tf } from '../../../engine/tf.ts';
import { backendNames, useBackend } from '../../support/backends.ts';
import { type Embeddings, embed } from '../../support/embeddings.ts';
import fc from '../../support/fast-check.ts';

/** In memory. */
type Set = { features: Float32Array; labels: Int32Array };
type Rows = { train: Set; probe: Set; dimension: number };

/** The definition, read aloud: distances in double precision, a full sort, a vote. */
function slowBestNeighbours({ train, probe, dimension, kMax, space }: Rows & { kMax: number; space: FeatureSpace }) {
  const [from, to] = [train, probe].map((set) => slowSpace(set.features, dimension, space));
  const accuracyByK: Record<number, number> = {};
  const neighbours = Array.from(probe.labels, (_, image) => slowNeighbours(from!, to!, image));
  let best = { accuracy: -1, k: 0, predicted: new Int32Array() };
  for (let k = 1; k <= kMax; k += 2) {
    const predicted = Int32Array.from(neighbours, (order) => {
      const counts = new Map<number, number>();
      for (const index of order.slice(0, k)) {
        counts.set(train.labels[index]!, (counts.get(train.labels[index]!) ?? 0) + 1);
      }
      const most = Math.max(...counts.values());
      return Math.min(...[...counts].filter(([, count]) => count === most).map(([label]) => label));
    });
    const correct = predicted.filter((label, image) => label === probe.labels[image]).length;
    const accuracy = (100 * correct) / predicted.length;
    accuracyByK[k] = accuracy;
    if (accuracy > best.accuracy) best = { accuracy, k, predicted };
  }
  return { accuracyByK, bestAccuracy: best.accuracy, bestK: best.k, predicted: best.predicted };
}

function slowSpace(features: Float32Array, dimension: number, space: FeatureSpace): number[][] {
  const rows = Array.from({ length: features.length / dimension }, (_, row) =>
    Array.from(features.subarray(row * dimension, (row + 1) * dimension)),
  );
  if (space === 'original') return rows;
  const mean = rows[0]!.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length);
  const shifted = space === 'norm' ? rows : rows.map((row) => row.map((value, column) => value - mean[column]!));
  return shifted.map((row) => {
    const norm = Math.max(1e-12, Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)));
    return row.map((value) => Math.fround(value / norm));
  });
}

function slowNeighbours(train: number[][], probe: number[][], image: number): number[] {
  const distances = train.map((row) => row.reduce((sum, value, at) => sum + (probe[image]![at]! - value) ** 2, 0));
  return [...distances.keys()].sort((left, right) => distances[left]! - distances[right]! || left - right);
}

/** Classes as clouds of points around random centres, moved away from the origin by `offset`. */
function clouds(
  seed: number,
  { classes = 10, trainImages = 300, probeImages = 100, dimension = 24, offset = 0, scale = 1 },
): Rows {
  const centres = randomAt(seed, 'centres');
  const centre = Float64Array.from({ length: classes * dimension }, () => centres.normal());
  const draw = (purpose: string, images: number) => {
    const random = randomAt(seed, purpose);
    const labels = Int32Array.from({ length: images }, () => random.integer(classes));
    const features = Float32Array.from({ length: images * dimension }, (_, at) => {
      const label = labels[Math.floor(at / dimension)]!;
      return offset + scale * (centre[label * dimension + (at % dimension)]! + 1.5 * random.normal());
    });
    return { features, labels };
  };
  return { train: draw('train', trainImages), probe: draw('probe', probeImages), dimension };
}

interface Fixture {
  embeddings: Embeddings;
  val_label: string;
  k_max: number;
  results: Record<
    string,
    { accuracy_by_k: Record<string, number>; printed: string; batch_size?: number; predictions_k5?: number[] }
  >;
}

const folder = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../../fixtures');
const fixture: Fixture = JSON.parse(readFileSync(join(folder, 'metrics/knn.json'), 'utf8'));

function fixtureRows(): Rows {
  const { embeddings, val_label: other } = fixture;
  const labels = Int32Array.from({ length: embeddings.classes * embeddings.per_class }, (_, image) =>
    Math.floor(image / embeddings.per_class),
  );
  return {
    train: { features: embed(embeddings, 'train'), labels },
    probe: { features: embed(embeddings, 'val', other), labels },
    dimension: embeddings.dim,
  };
}

describe.each(backendNames)('on the %s backend', (backend) => {
  beforeAll(() => useBackend(backend));

  describe('best-NN equals the published code', () => {
    // The last word: the code takes an unknown space ('shifted-norm') for `original`; we refuse or translate it.
    const cases = Object.entries(fixture.results).filter(([name]) =>
      (featureSpaces as readonly string[]).includes(name.split(' ')[0]!),
    );
    test.each(cases)('%s', async (name, expected) => {
      const rows = fixtureRows();
      const space = name.split(' ')[0] as FeatureSpace;
      const meanBatchSize = expected.batch_size;
      const found = await bestNeighbours({ ...rows, space, kMax: fixture.k_max, meanBatchSize });
      expect(Object.keys(found.accuracyByK)).toEqual(Object.keys(expected.accuracy_by_k));
      for (const [k, accuracy] of Object.entries(expected.accuracy_by_k)) {
        // The file holds float32 fractions; the counts behind them must be equal.
        const images = found.probeImages;
        expect(Math.round((found.accuracyByK[Number(k)]! * images) / 100), `k = ${k}`).toBe(
          Math.round(accuracy * images),
        );
      }
      expect(`best-NN=${found.bestAccuracy.toFixed(2)}%, k=${found.bestK}.`).toBe(expected.printed);
      if (expected.predictions_k5) {
        const { indices } = await nearestNeighbours(
          {
            train: await inSpace(memoryRows(rows.train.features, rows.dimension), space),
            probe: await inSpace(memoryRows(rows.probe.features, rows.dimension), space),
          },
          5,
        );
        const votes = indices.map((index) => rows.train.labels[index]!);
        expect(Array.from(predictByK(votes, found.probeImages, 5)[2]!)).toEqual(expected.predictions_k5);
      }
    });
  });

  describe('best-NN equals the slow definition', () => {
    test.each(featureSpaces)(
      'in the space %s, with classes that are not 0..n and labels that nobody has',
      async (space) => {
        const rows = clouds(1, {});
        const rename = (label: number) => label * 7 - 20;
        const renamed = {
          ...rows,
          train: { ...rows.train, labels: rows.train.labels.map(rename) },
          probe: { ...rows.probe, labels: rows.probe.labels.map((label) => (label === 3 ? 1000 : rename(label))) },
        };
        expect(await bestNeighbours({ ...renamed, space, kMax: 51 })).toMatchObject(
          slowBestNeighbours({ ...renamed, space, kMax: 51 }),
        );
      },
    );

    test('where a plain float32 search is wrong: far from the origin, nearly equal distances', async () => {
      // An offset of 1000 leaves squared norms near 2.4e7, whose float32 step is 2, for squared distances near 1.
      const rows = clouds(2, { offset: 1000, scale: 0.1, trainImages: 200 });
      const expected = slowBestNeighbours({ ...rows, space: 'original', kMax: 31 });
      expect(await bestNeighbours({ ...rows, space: 'original', kMax: 31 })).toMatchObject(expected);
      expect(naiveNearestLabels(rows)).not.toEqual(
        slowBestNeighbours({ ...rows, space: 'original', kMax: 1 }).predicted,
      );
    });

    test('when every image occurs many times, ties by the order of the images', async () => {
      const rows = clouds(3, { trainImages: 12, probeImages: 40, dimension: 8 });
      const copies = 40;
      const train = {
        features: Float32Array.from({ length: copies * 96 }, (_, at) => rows.train.features[at % 96]!),
        labels: Int32Array.from({ length: copies * 12 }, (_, image) => (image * 5) % 7),
      };
      const request = { ...rows, train, space: 'original' as const, kMax: 61 };
      expect(await bestNeighbours(request)).toMatchObject(slowBestNeighbours(request));
    });

    test('when the network has collapsed and all features are equal', async () => {
      const rows = clouds(4, {});
      for (const set of [rows.train, rows.probe]) set.features.fill(0.3);
      for (const space of featureSpaces) {
        const request = { ...rows, space, kMax: 11 };
        expect(await bestNeighbours(request)).toMatchObject(slowBestNeighbours(request));
      }
    });

    test('when it has almost collapsed: differences of single float32 steps', async () => {
      const rows = clouds(5, { trainImages: 250, probeImages: 60, dimension: 6 });
      for (const set of [rows.train, rows.probe]) {
        set.features.forEach((value, at) => {
          set.features[at] = 1 + Math.round(value) * 2 ** -23;
        });
      }
      const request = { ...rows, space: 'original' as const, kMax: 21 };
      expect(await bestNeighbours(request)).toMatchObject(slowBestNeighbours(request));
    });

    test('for huge and for tiny features', async () => {
      const rows = clouds(6, {});
      const expected = slowBestNeighbours({ ...rows, space: 'original', kMax: 21 });
      for (const factor of [2 ** 100, 2 ** -100]) {
        const scaled = (set: Rows['train']) => ({ ...set, features: set.features.map((value) => value * factor) });
        const request = { ...rows, train: scaled(rows.train), probe: scaled(rows.probe) };
        expect(await bestNeighbours({ ...request, space: 'original', kMax: 21 })).toMatchObject(expected);
      }
    });

    test('for one image, one dimension, and as many neighbours as images', async () => {
      const rows = clouds(7, { trainImages: 9, probeImages: 1, dimension: 1, classes: 2 });
      for (const kMax of [1, 8, 9]) {
        const request = { ...rows, space: 'original' as const, kMax };
        expect(await bestNeighbours(request)).toMatchObject(slowBestNeighbours(request));
      }
    });

    test('for whole numbers on a small grid, full of ties, whatever they are', async () => {
      const image = fc.record({
        at: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 2, maxLength: 2 }),
        label: fc.nat(3),
      });
      const images = (minLength: number, maxLength: number) => fc.array(image, { minLength, maxLength });
      await fc.assert(
        fc.asyncProperty(images(5, 60), images(1, 8), async (train, probe) => {
          const [left, right] = [train, probe].map((set) => ({
            features: Float32Array.from(set.flatMap(({ at }) => at)),
            labels: Int32Array.from(set, ({ label }) => label),
          }));
          const request = { train: left!, probe: right!, dimension: 2, space: 'original' as const, kMax: 5 };
          expect(await bestNeighbours(request)).toMatchObject(slowBestNeighbours(request));
        }),
        { numRuns: 60 },
      );
    });
  });

  test('many small blocks give what one large one gives', async () => {
    const { train, probe, dimension } = clouds(8, { trainImages: 120, probeImages: 20, dimension: 16 });
    const rows = { train: memoryRows(train.features, dimension), probe: memoryRows(probe.features, dimension) };
    const expected = await nearestNeighbours(rows, 31);
    // 1 row, 7, 41 (fewer than the 47 candidates) and 100 train rows in a block.
    for (const blockRows of [1, 7, 41, 100]) {
      const blockBytes = 4 * dimension * blockRows;
      expect(await nearestNeighbours({ ...rows, blockBytes }, 31), `${blockRows} rows`).toEqual(expected);
    }
  });

  test('many small blocks agree on exact ties', async () => {
    const features = Float32Array.from({ length: 300 }, (_, index) => index % 5);
    const probe = memoryRows(Float32Array.of(0, 2, 9), 1);
    const rows = { train: memoryRows(features, 1), probe, blockBytes: 4 * 32 };
    const { indices } = await nearestNeighbours(rows, 4);
    expect(Array.from(indices)).toEqual([0, 5, 10, 15, 2, 7, 12, 17, 4, 9, 14, 19]);
  });

  test('reports progress up to 1, lets other events in, leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const fractions: number[] = [];
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    await bestNeighbours({
      ...clouds(9, { trainImages: 2000, probeImages: 1500, dimension: 64 }),
      space: 'norm',
      kMax: 101,
      onProgress: (fraction) => fractions.push(fraction),
    });
    clearInterval(timer);
    expect(fractions.at(-1)).toBe(1);
    expect(fractions.length).toBeGreaterThan(2);
    expect([...fractions].sort((left, right) => left - right)).toEqual(fractions);
    expect(turns).toBeGreaterThan(0);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('an abort ends it with its reason and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('stopped by the user'));
    const request = { ...clouds(10, {}), space: 'original' as const, kMax: 5, signal: controller.signal, onProgress };
    await expect(bestNeighbours(request)).rejects.toThrow('stopped by the user');
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([0, 1.5, 301, Number.NaN])('K = %d for 300 images is refused', async (kMax) => {
    await expect(bestNeighbours({ ...clouds(11, {}), space: 'norm', kMax })).rejects.toMatchObject({
      code: 'config-invalid',
      message: `K is ${kMax}, but there are 300 images to vote.`,
    });
  });

  test('features that are not numbers are refused by their place', async () => {
    const rows = clouds(12, {});
    rows.probe.features[24 * 7 + 2] = Number.NaN;
    await expect(bestNeighbours({ ...rows, space: 'norm', kMax: 5 })).rejects.toThrow(
      'Feature 2 of probe image 7 is NaN.',
    );
  });

  test('an empty set is refused', async () => {
    const rows = { ...clouds(13, {}), probe: { features: new Float32Array(0), labels: new Int32Array(0) } };
    await expect(bestNeighbours({ ...rows, space: 'norm', kMax: 5 })).rejects.toThrow('no probe images');
  });
});

/** 1-NN labels by |p|^2 + |t|^2 - 2 p.t in float32, as a quick implementation has it. */
function naiveNearestLabels({ train, probe, dimension }: Rows): Int32Array {
  return tf.tidy(() => {
    const [t, p] = [train, probe].map(({ features }) =>
      tf.tensor2d(features, [features.length / dimension, dimension]),
    );
    const squares = (x: tf.Tensor) => tf.sum(tf.square(x), 1);
    const distances = tf.sub(
      tf.add(tf.expandDims(squares(p!), 1), squares(t!)),
      tf.mul(2, tf.matMul(p!, t!, false, true)),
    );
    return Int32Array.from(tf.argMin(distances, 1).dataSync(), (index) => train.labels[index]!);
  });
}
