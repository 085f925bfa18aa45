import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JobEvent } from '../../common/events.ts';
import { extractionProgress } from '../../common/features.ts';
import { exportMoco } from '../../worker/checkpoints/pytorch-export.ts';
import { openNpyRows } from '../../worker/npy.ts';
import { syntheticPicture } from '../engine/views/picture.ts';
import { runJob } from '../support/job-run.ts';
import { peerPython } from '../support/peer-python.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';
import { makeRunFolder, startWorker, until } from '../support/worker-run.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 300_000;
const imageSize = 64;
// Wide and tall ones, larger and smaller than the crop's 73.
const sizes: [number, number][] = [
  [97, 61],
  [61, 157],
  [256, 200],
  [64, 64],
  [40, 50],
];

let root: string;
let checkpoint: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-embed-'));
  checkpoint = join(root, 'checkpoint.safetensors');
  await writeSmallCheckpoint(checkpoint, { stem: 'imagenet', imageSize });
  for (const format of ['png', 'jpeg'] as const) {
    for (const [split, name] of [
      ['train', 'a-b_c'],
      ['train', 'd e'],
      ['val', 'd e'],
    ] as const) {
      await mkdir(join(root, format, split, name), { recursive: true });
      for (const [width, height] of sizes) {
        const { data } = syntheticPicture(`${split}${name}${width}`, width, height);
        await sharp(data, { raw: { width, height, channels: 3 } })
          .toFormat(format, { quality: 90 })
          .toFile(join(root, format, split, name, `${width}x${height}.${format}`));
      }
    }
  }
}, patience);

afterAll(() => rm(root, { recursive: true, force: true }));

/** A run in a workspace of the test's own. */
const embed = (run: string, config: Record<string, unknown>, stopAt?: (event: JobEvent) => boolean) =>
  runJob('embed', join(root, 'runs', run), { pretrained: checkpoint, device, ...config }, stopAt);

const cache = () => readdirSync(join(root, 'cache/features')).filter((name) => name.endsWith('.npy'));

describe('embed', () => {
  test(
    'writes features, labels and paths of all splits; a broken image is listed and left out',
    async () => {
      const broken = join(root, 'png/train/d e/5.png');
      await writeFile(broken, 'no image');
      const { values, folder } = await embed('all', { data: join(root, 'png') });
      await rm(broken);
      expect(values).toMatchObject({ images: 15, dimension: 512, classes: ['a-b_c', 'd e'] });
      expect(values.broken).toMatchObject([{ path: broken }]);
      expect(values.features).toBe(join(folder, 'features/features.npy'));
      const paths: string[] = JSON.parse(readFileSync(String(values.paths), 'utf8'));
      expect(paths.map((path) => path.split('/').at(-2))).toEqual([
        ...Array(5).fill('a-b_c'),
        ...Array(10).fill('d e'),
      ]);
      expect(paths.every((path) => existsSync(path))).toBe(true);
      const labels = readFileSync(String(values.labels));
      expect(labels.toString('latin1', 1, 80)).toMatch(/^NUMPY.*'<i8'.*\(15,\)/s);
      const numbers = Array.from({ length: 15 }, (_, index) => Number(labels.readBigInt64LE(128 + index * 8)));
      expect(numbers).toEqual([...Array(5).fill(0), ...Array(10).fill(1)]);
      await using rows = await openNpyRows(String(values.features));
      expect([rows.count, rows.dimension]).toEqual([15, 512]);
      expect((await rows.read(0, 15)).every(Number.isFinite)).toBe(true);
    },
    patience,
  );

  test(
    'takes features that are there already, and computes those of changed images again',
    async () => {
      const before = cache().length;
      const first = await embed('first', { data: join(root, 'png'), split: 'val' });
      expect(cache().length).toBe(before); // of the val split, they came from the run above
      expect(first.values).toMatchObject({
        images: 5,
        provenance: { data: [{ split: 'val', imagesPerSecond: null }] },
      });
      const second = await embed('second', { data: join(root, 'png'), split: 'val', encoder: 'k' });
      expect(cache().length).toBe(before + 1);
      expect(readFileSync(String(second.values.features))).not.toEqual(readFileSync(String(first.values.features)));
    },
    patience,
  );

  test(
    'images without class folders have the label -1',
    async () => {
      const { values } = await embed('flat', { data: join(root, 'png/val/d e') });
      expect(values).toMatchObject({ images: 5, classes: [] });
      const labels = readFileSync(String(values.labels));
      expect(Array.from({ length: 5 }, (_, row) => labels.readBigInt64LE(128 + row * 8))).toEqual(Array(5).fill(-1n));
    },
    patience,
  );

  test(
    'goes on where a stopped extraction was, to the same bytes',
    async () => {
      const config = { data: join(root, 'jpeg'), split: 'train', batchSize: 2 };
      const counts: number[] = [];
      const count = (event: JobEvent) => {
        if (event.type !== 'progress' || event.stage !== 'features of train') return false;
        counts.push(event.done);
        return event.done === 4;
      };
      const stopped = embed('../elsewhere/runs/stopped', config, count);
      await expect(stopped).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
      const second = await embed('../elsewhere/runs/again', config, count);
      expect(counts).toEqual([2, 4, 6, 8, 10]); // each image once
      const whole = await embed('whole', config);
      expect(readFileSync(String(second.values.features))).toEqual(readFileSync(String(whole.values.features)));
      expect(readdirSync(join(root, 'elsewhere/cache/features'))).toHaveLength(2); // nothing partial is left
    },
    patience,
  );
});

test(
  'goes on where the extraction of a killed worker was, to the same bytes',
  async () => {
    // Many names for few files.
    const data = join(root, 'many');
    await mkdir(data);
    for (let image = 0; image < 120; image++) {
      const [width, height] = sizes[image % sizes.length]!;
      const name = `${String(image).padStart(3, '0')}.jpeg`;
      await link(join(root, `jpeg/train/d e/${width}x${height}.jpeg`), join(data, name));
    }
    const config = { pretrained: checkpoint, device, data, batchSize: 2 };
    const folder = await makeRunFolder(join(root, 'killed/runs/one'), 'embed', config);
    const store = join(root, 'killed/cache/features');
    const stored = (ending: string) =>
      existsSync(store) ? readdirSync(store).filter((name) => name.endsWith(ending)) : [];

    const first = startWorker(folder, { stopAfter: /\.partial\.json$/ });
    await until(() => stored('.partial.json').length > 0);
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    expect(stored('.npy')).toEqual([]);
    const { images } = extractionProgress.parse(
      JSON.parse(readFileSync(join(store, stored('.partial.json')[0]!), 'utf8')),
    );
    expect(images).toBeGreaterThan(0);
    expect(images).toBeLessThan(120);

    const done: number[] = [];
    const { values } = await embed('../killed/runs/two', { data, batchSize: 2 }, (event) => {
      if (event.type === 'progress' && event.stage.startsWith('features')) done.push(event.done);
      return false;
    });
    expect(done[0]).toBe(images + 2); // the first batch after those that were saved
    expect(done.at(-1)).toBe(120);
    const whole = await embed('../never-killed/runs/one', { data, batchSize: 2 });
    expect(readFileSync(String(values.features))).toEqual(readFileSync(String(whole.values.features)));
    expect(readdirSync(store)).toHaveLength(2); // nothing partial is left, and no lock
  },
  patience,
);

const { python, missing } = peerPython('torch, numpy, PIL');

test.skipIf(missing).each([
  // Of PNG the very pixels of Pillow: float32 sums in another order, 1e-6 or so, within the 1e-4 that is asked for.
  ['png', 'bilinear', 1e-5],
  ['png', 'bicubic', 1e-5],
  // Other decoders of JPEG differ by levels: 1 % is what is asked for.
  ['jpeg', 'bilinear', 0.01],
] as const)(
  `features of %s, %s, equal those of PyTorch and Pillow${missing ? ` (left out: ${missing})` : ''}`,
  async (format, interpolation, tolerance) => {
    const exported = join(root, `${format}-${interpolation}.pth.tar`);
    await exportMoco(checkpoint, exported);
    const { values } = await embed(`${format}-${interpolation}`, { data: join(root, format), interpolation });
    const script = join(import.meta.dirname, '../support/embed_in_torch.py');
    const given = [exported, String(values.features), String(values.paths), String(imageSize), interpolation];
    const found = JSON.parse(execFileSync(python, [script, ...given]).toString());
    expect(found).toMatchObject({ shape: [15, 512], dtype: 'float32' });
    expect(found.error).toBeLessThan(tolerance);
  },
  patience,
);
