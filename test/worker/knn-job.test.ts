import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { confusionFile } from '../../common/confusion.ts';
import { neighboursFile } from '../../common/neighbours.ts';
import { bestNeighbours } from '../../engine/evaluations/neighbours.ts';
import { weightedNeighbours, weightedVotes } from '../../engine/evaluations/weighted-neighbours.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 300_000;

let root: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-knn-'));
  await makePictures(join(root, 'data'), { splits: { train: 9, val: 4 }, side: 32 });
  await writeSmallCheckpoint(join(root, 'checkpoint.safetensors'), { stem: 'imagenet' });
  config = { data: join(root, 'data'), pretrained: join(root, 'checkpoint.safetensors'), fit: 'whole', device };
}, patience);

afterAll(() => rm(root, { recursive: true, force: true }));

/** Features and labels of a split as `embed` writes them. */
async function features(split: string) {
  const { values } = await runJob('embed', join(root, 'runs', `embed-${split}`), { ...config, split });
  const [matrix, labels] = [readFileSync(String(values.features)), readFileSync(String(values.labels))];
  return {
    features: new Float32Array(matrix.buffer.slice(matrix.byteOffset + 128, matrix.byteOffset + matrix.length)),
    labels: Int32Array.from({ length: Number(values.images) }, (_, row) =>
      Number(labels.readBigInt64LE(128 + row * 8)),
    ),
  };
}

test(
  'best-NN and weighted votes of a folder, from features that are computed once',
  async () => {
    const best = await runJob('knn', join(root, 'runs/best'), { ...config, maxNeighbours: 11, space: 'shifted-norm' });
    const [train, probe] = [await features('train'), await features('val')];
    const sets = { train, probe, dimension: 512 };
    const expected = await bestNeighbours({ ...sets, space: 'shift-norm', kMax: 11 });
    expect(best.values).toMatchObject({
      bestAccuracy: expected.bestAccuracy,
      bestK: expected.bestK,
      accuracyByK: expected.accuracyByK,
      trainImages: 27,
      valImages: 12,
      checkpoint: config.pretrained,
    });
    expect(best.protocol).toMatchObject({ measure: 'best-NN', space: 'shift-norm', imageSize: 32, fit: 'whole' });
    const provenance = best.values.provenance as { checkpointSha256: string; data: object[] };
    expect(provenance.checkpointSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(provenance.data).toMatchObject([
      { split: 'train', images: 27 },
      { split: 'val', images: 12 },
    ]);

    const read = (name: string) => JSON.parse(readFileSync(join(root, 'runs/best', String(best.values[name])), 'utf8'));
    const confusion = confusionFile.parse(read('confusion'));
    expect((100 * confusion.correct.reduce((sum, count) => sum + count)) / 12).toBeCloseTo(expected.bestAccuracy, 9);
    const kept = neighboursFile.parse(read('neighbours'));
    expect(kept).toMatchObject({ k: 10, space: 'shift-norm', classes: ['blue', 'green', 'red'] });
    expect(kept.queries.predicted).toEqual([...expected.predicted]);
    const { indices, k } = expected.neighbours;
    for (let query = 0; query < 12; query++) {
      for (let place = 0; place < 10; place++) {
        const row = indices[query * k + place]!; // rows lie in the order of the folder: nine images a class
        const path = kept.bank.paths[kept.indices[query * 10 + place]!]!;
        expect(path).toBe(`train/${['blue', 'green', 'red'][Math.floor(row / 9)]}/${row % 9}.png`);
      }
      const own = kept.distances.slice(query * 10, query * 10 + 10);
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }

    const weighted = await runJob('knn', join(root, 'runs/weighted'), { ...config, vote: 'solo-learn' });
    const votes = await weightedNeighbours({ ...sets, ...weightedVotes['solo-learn'] });
    expect(weighted.values).toMatchObject({ accuracyByK: votes.accuracyByK, top5ByK: votes.top5ByK, bestK: 20 });
    expect(weighted.protocol).toMatchObject({ measure: 'weighted kNN', vote: 'solo-learn', temperature: 0.07 });
    // One file a split, made by the first run.
    expect(readdirSync(join(root, 'cache/features')).filter((name) => name.endsWith('.npy'))).toHaveLength(2);
  },
  patience,
);

test(
  'the neighbours of one image are itself and those that a search of all gives',
  async () => {
    const image = join(root, 'data/train/green/3.png');
    const { values } = await runJob('neighbours', join(root, 'tasks/one'), { ...config, image, neighbours: 27 });
    const found = values.neighbours as { path: string; class: string; distance: number }[];
    expect(found[0]).toEqual({ path: image, class: 'green', distance: 0 });
    // Against a plain search in double precision.
    const { features: all } = await features('train');
    const unit = Array.from({ length: 27 }, (_, row) => {
      const values = all.subarray(row * 512, (row + 1) * 512);
      const length = Math.hypot(...values);
      return Array.from(values, (value) => Math.fround(value / length));
    });
    const distances = unit.map((row) => Math.hypot(...row.map((value, at) => value - unit[12]![at]!)));
    const expected = [...distances].sort((a, b) => a - b);
    found.forEach(({ distance }, place) => {
      expect(distance).toBeCloseTo(expected[place]!, 5); // six digits are kept
    });
    const gone = runJob('neighbours', join(root, 'tasks/gone'), { ...config, image: join(root, 'gone.png') });
    await expect(gone).rejects.toThrow('gone.png');
  },
  patience,
);

test(
  'a file in the store that is cut off is made again',
  async () => {
    const folder = join(root, 'cache/features');
    const whole = await features('val');
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.npy'))) {
      await writeFile(join(folder, name), readFileSync(join(folder, name)).subarray(0, 1000));
    }
    expect((await features('val')).features).toEqual(whole.features);
  },
  patience,
);

test(
  'a class that is missing in val is named',
  async () => {
    await makePictures(join(root, 'odd'), { splits: { train: 2 }, side: 32 });
    await makePictures(join(root, 'odd'), { splits: { val: 2 }, side: 32 }, ['blue', 'green']);
    const run = runJob('knn', join(root, 'runs/odd'), { ...config, data: join(root, 'odd') });
    await expect(run).rejects.toThrow(`The class "red" of ${root}/odd/train is missing from ${root}/odd/val.`);
  },
  patience,
);
