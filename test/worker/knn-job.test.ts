import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bestNeighbours } from '../../engine/evaluations/neighbours.ts';
import { weightedNeighbours, weightedVotes } from '../../engine/evaluations/weighted-neighbours.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 120_000;

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
