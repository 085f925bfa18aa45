import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NamedArray } from '../../engine/models/layout.ts';
import { readCheckpoint, writeCheckpoint } from '../../worker/checkpoints/files.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 300_000;
const classes = ['a-b', 'c d', 'e_f', 'one'];

let root: string;
let config: Record<string, unknown>;
let runs = 0;

const newRun = () => join(root, 'runs', `run-${++runs}`);
const views = (target: string, more: Record<string, unknown> = {}) =>
  runJob('views', newRun(), { data: join(root, 'data'), target: join(root, target), imageSize: 32, ...more });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-static-'));
  await makePictures(join(root, 'data'), { splits: { train: 5 }, side: 48 }, classes);
  const train = join(root, 'data/train');
  // Names with dashes, numbers and spaces, and two that differ by their ending only.
  await rename(join(train, 'a-b/0.png'), join(train, 'a-b/my-cat-3.png'));
  await rename(join(train, 'a-b/1.png'), join(train, 'a-b/my cat.v2.png'));
  await cp(join(train, 'a-b/2.png'), join(train, 'a-b/2.webp'));
  for (const name of ['1.png', '2.png', '3.png', '4.png']) await rm(join(train, 'one', name));
  await writeSmallCheckpoint(join(root, 'checkpoint.safetensors'), { stem: 'imagenet' });
  config = { data: join(root, 'static'), pretrained: join(root, 'checkpoint.safetensors'), device };
}, patience);

afterAll(() => rm(root, { recursive: true, force: true }));

/** [files, 512] unit features of the files with this number, in the order of `embed`, and their labels. */
async function unitFeatures(view: number) {
  const fit = view === 0 ? 'centre-crop' : 'whole';
  const { values } = await runJob('embed', newRun(), { ...config, fit });
  const matrix = readFileSync(String(values.features));
  const floats = new Float32Array(matrix.buffer.slice(matrix.byteOffset + 128, matrix.byteOffset + matrix.length));
  const paths: string[] = JSON.parse(readFileSync(String(values.paths), 'utf8'));
  const chosen = paths.flatMap((path, row) => (path.endsWith(`-${view}.jpeg`) ? [{ path, row }] : []));
  chosen.sort((left, right) => (left.path.slice(0, -7) < right.path.slice(0, -7) ? -1 : 1));
  const rows = chosen.map(({ row }) => {
    const values = Array.from(floats.subarray(row * 512, (row + 1) * 512));
    const norm = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return values.map((value) => value / norm);
  });
  return { rows, classes: chosen.map(({ path }) => path.split('/').at(-2)!) };
}

/** The checkpoint with one weight that is no number: feature 3 is none either. */
async function writeDiverged(from: string, to: string): Promise<void> {
  await using file = await readCheckpoint(from);
  const arrays: NamedArray[] = [];
  for (const { name, shape } of file.tensors.values()) {
    const data = (await file.read(name)) as NamedArray['data'];
    if (name === 'encoder_q.layer4.1.bn2.bias' && data instanceof Float32Array) data[3] = Number.NaN;
    arrays.push({ name, shape, data });
  }
  await writeCheckpoint(to, arrays, file.metadata);
}

const squared = (left: number[], right: number[]) =>
  left.reduce((sum, value, at) => sum + (value - right[at]!) ** 2, 0);
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const pairs = <Item>(items: Item[]) => items.flatMap((left, at) => items.slice(at + 1).map((right) => [left, right]));

describe('a static set', () => {
  test(
    'holds the first images of each class and their views, by any name',
    async () => {
      const { values, ending } = await views('static', { imagesPerClass: 4 });
      expect(ending).toBe('finished');
      expect(values).toMatchObject({ classes: 4, images: 13, views: 26, failedCrops: 0, broken: [] });
      const names = (name: string) => [...new Set(readdirSync(join(root, 'static', name)))].sort();
      expect(readdirSync(join(root, 'static')).sort()).toEqual(classes);
      expect(names('one')).toEqual(['0-0.jpeg', '0-1.jpeg', '0-2.jpeg']);
      expect(names('a-b').filter((name) => name.endsWith('-0.jpeg'))).toEqual([
        '2-0.jpeg',
        '2_webp-0.jpeg',
        '3-0.jpeg',
        '4-0.jpeg',
      ]);
    },
    patience,
  );

  test(
    'depends on the seed and nothing else',
    async () => {
      await views('again', { imagesPerClass: 1, workers: 3 });
      await views('other', { imagesPerClass: 1, seed: 1 });
      const bytes = (set: string, view: number) => readFileSync(join(root, set, 'c d', `0-${view}.jpeg`));
      expect(bytes('again', 1)).toEqual(bytes('static', 1));
      expect(bytes('other', 1)).not.toEqual(bytes('static', 1));
      expect(bytes('other', 0)).toEqual(bytes('static', 0));
    },
    patience,
  );

  test(
    'has ten views where crops are to overlap',
    async () => {
      const { values } = await views('hard', { imagesPerClass: 1, aug: 'hard' });
      expect(values).toMatchObject({ images: 4, views: 40 });
      expect(existsSync(join(root, 'hard/c d/0-10.jpeg'))).toBe(true);
    },
    patience,
  );

  test('is not put where something is', async () => {
    await expect(views('static')).rejects.toThrow('/static is not empty.');
  });
});

describe('measures of a static set', () => {
  test(
    'instance discrimination equals the slow definition, in both modes',
    async () => {
      const [d, first, second] = [await unitFeatures(0), await unitFeatures(1), await unitFeatures(2)];
      for (const [mode, queries, positives] of [
        ['d-sd', d, first],
        ['sd-sd', first, second],
      ] as const) {
        const above = queries.rows.map((query, row) => {
          const own = squared(query, positives.rows[row]!);
          return queries.rows.filter((other, index) => index !== row && squared(query, other) < own).length;
        });
        const top = [1, 2, 3].map((k) =>
          mean(
            classes.map((name) => {
              const mine = above.filter((_, row) => queries.classes[row] === name);
              return (100 * mine.filter((count) => count < k).length) / mine.length;
            }),
          ),
        );
        const { values } = await runJob('instdisc', newRun(), { ...config, mode, topK: 3 });
        expect(values).toMatchObject({ mode, datasetMode: 'normal', images: 13, classes: 4 });
        (values.top as number[]).forEach((percent, place) => {
          expect(percent).toBeCloseTo(top[place]!, 9);
        });
      }
    },
    patience,
  );

  test(
    'alignment, class alignment and uniformity equal the slow definitions',
    async () => {
      const [d, sd, other] = [await unitFeatures(0), await unitFeatures(1), await unitFeatures(2)];
      const { values, events } = await runJob('stats', newRun(), { ...config, seed: 4 });
      const distance = ([left, right]: number[][]) => squared(left!, right!);
      const ofClasses = ({ rows, classes: of }: typeof d) =>
        mean(classes.slice(0, 3).map((name) => mean(pairs(rows.filter((_, row) => of[row] === name)).map(distance))));
      const uniformity = (rows: number[][]) => Math.log(mean(pairs(rows).map((pair) => Math.exp(-2 * distance(pair)))));
      const expected = {
        alignmentDSd: mean(d.rows.map((row, at) => squared(row, sd.rows[at]!))),
        alignmentSdSd: mean(sd.rows.map((row, at) => squared(row, other.rows[at]!))),
        classAlignmentD: ofClasses(d),
        classAlignmentSd: ofClasses(sd),
        uniformityDAllPairs: uniformity(d.rows),
        uniformitySdAllPairs: uniformity(sd.rows),
        // 13 images fill one of the three groups only, whatever the permutation.
        uniformityD: uniformity(d.rows),
        uniformitySd: uniformity(sd.rows),
      };
      for (const [name, value] of Object.entries(expected)) {
        // Features are float32, and so are the unit ones: 1e-6 of distances near 1.
        expect(values[name], name).toBeCloseTo(value, 6);
      }
      expect(JSON.stringify(events)).toContain('1 classes with one image');
    },
    patience,
  );

  test(
    'a view that is missing is named; a broken one leaves its image out',
    async () => {
      await cp(join(root, 'static'), join(root, 'odd'), { recursive: true });
      await writeFile(join(root, 'odd/e_f/1-2.jpeg'), 'broken');
      const odd = { ...config, data: join(root, 'odd') };
      const { values } = await runJob('instdisc', newRun(), { ...odd, mode: 'sd-sd' });
      expect(values).toMatchObject({ images: 12, broken: [{ path: join(root, 'odd/e_f/1-2.jpeg') }] });
      await rm(join(root, 'odd/e_f/1-2.jpeg'));
      await expect(runJob('stats', newRun(), odd)).rejects.toThrow(`${root}/odd/e_f/1-2.jpeg is missing.`);
      await expect(runJob('instdisc', newRun(), { ...odd, datasetMode: 'g-mask' })).rejects.toThrow(
        `No image of ${root}/odd has a view 3`,
      );
      await expect(runJob('instdisc', newRun(), { ...odd, samplesPerClass: 4 })).rejects.toThrow(
        `${root}/odd/one has 1 images, not 4.`,
      );
    },
    patience,
  );

  test(
    'features that are not numbers are no result',
    async () => {
      const pretrained = join(root, 'diverged.safetensors');
      await writeDiverged(join(root, 'checkpoint.safetensors'), pretrained);
      for (const kind of ['stats', 'instdisc', 'project'] as const) {
        const run = runJob(kind, newRun(), { ...config, pretrained });
        await expect(run, kind).rejects.toMatchObject({
          message: expect.stringMatching(/^Feature 3 of .* image 0 is NaN/),
          cure: expect.stringContaining('take an earlier checkpoint'),
        });
      }
    },
    patience,
  );

  test(
    'all ways of making views are measured at once',
    async () => {
      const { values } = await runJob('instdisc', newRun(), {
        ...config,
        data: join(root, 'hard'),
        datasetMode: 'all',
      });
      expect(Object.keys(values.topByDatasetMode as object)).toEqual([
        'normal',
        'g-mask',
        'rand-g-mask',
        'avg-mask',
        'rand-avg-mask',
      ]);
    },
    patience,
  );
});
