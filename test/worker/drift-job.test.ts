import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linearCka } from '../../engine/evaluations/representation-drift.ts';
import { memoryRows } from '../../engine/evaluations/rows.ts';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 300_000;

let root: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-drift-'));
  await makePictures(join(root, 'data'), { splits: { train: 1, val: 6 }, side: 32 }, ['green', 'red']);
  await writeSmallCheckpoint(join(root, 'one.safetensors'));
  await writeSmallCheckpoint(join(root, 'other.safetensors'), { stem: 'imagenet' });
  const pretrained = join(root, 'one.safetensors');
  config = { pretrained, data: join(root, 'data'), fit: 'whole', imageSize: 32, device, neighbours: 3 };
}, patience);

afterAll(() => rm(root, { recursive: true, force: true }));

test(
  'of two checkpoints: by their features, with both hashes; of one with itself there is none',
  async () => {
    const found = await runJob('drift', join(root, 'runs/drift'), {
      ...config,
      against: join(root, 'other.safetensors'),
    });
    const used = found.events.filter((event) => event.type === 'used');
    expect(used.map(({ role }) => role)).toEqual(['pretrained', 'against']);
    expect(used[0]!.sha256).not.toBe(used[1]!.sha256);
    expect(found.values).toMatchObject({ images: 12, queries: 12, againstSha256: used[1]!.sha256, broken: [] });
    expect(found.values.provenance).toMatchObject({ checkpointSha256: used[0]!.sha256, data: [{ images: 12 }] });
    expect(found.protocol).toMatchObject({ against: used[1]!.sha256.slice(0, 12), neighbours: 3, imageSize: 32 });

    const features = async (name: string) => {
      const pretrained = join(root, `${name}.safetensors`);
      const { neighbours, ...rest } = config;
      const run = await runJob('embed', join(root, `runs/${name}`), { ...rest, pretrained, split: 'val' });
      const bytes = readFileSync(String(run.values.features)).subarray(128);
      return memoryRows(new Float32Array(new Uint8Array(bytes).buffer), 512);
    };
    const cka = await linearCka(await features('one'), await features('other'));
    // The features come out of the same store.
    expect(Math.abs(Number(found.values.cka) - cka)).toBeLessThan(1e-9);
    expect(cka).toBeLessThan(0.999);

    const same = await runJob('drift', join(root, 'runs/same'), { ...config, against: config.pretrained });
    expect(Math.abs(Number(same.values.cka) - 1)).toBeLessThan(1e-12);
    expect(same.values.overlap).toBe(1);
  },
  patience,
);
