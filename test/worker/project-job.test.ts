import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJob } from '../support/job-run.ts';
import { makePictures } from '../support/pictures.ts';
import { writeSmallCheckpoint } from '../support/small-checkpoint.ts';

const device = process.env.CONTRAST_BACKEND === 'wasm' ? 'wasm' : 'auto';
const patience = 300_000;

let root: string;
let config: Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-project-'));
  await makePictures(join(root, 'data'), { splits: { train: 4, val: 3 }, side: 32 }, ['a "b", c', 'green', 'red']);
  await writeSmallCheckpoint(join(root, 'checkpoint.safetensors'));
  config = { pretrained: join(root, 'checkpoint.safetensors'), fit: 'whole', device };
}, patience);

afterAll(() => rm(root, { recursive: true, force: true }));

const lines = (path: unknown) => readFileSync(String(path), 'utf8').trimEnd().split('\n');

test(
  'the first two principal components of a folder, as a table and a picture',
  async () => {
    const found = await runJob('project', join(root, 'runs/pca'), {
      ...config,
      data: join(root, 'data'),
      method: 'pca',
      space: 'original',
    });
    expect(found.values).toMatchObject({ images: 9, classes: 3, broken: [] });
    const [head, ...rows] = lines(found.values.points);
    expect(head).toBe('path,label,x,y');
    expect(rows[0]).toContain('val/a ""b"", c/0.png","a ""b"", c",');

    // Distances in the plane against those of the features along the two axes of most variance, by power iteration.
    const embedded = await runJob('embed', join(root, 'runs/embed'), {
      ...config,
      data: join(root, 'data'),
      split: 'val',
    });
    const bytes = readFileSync(String(embedded.values.features));
    const features = Array.from({ length: 9 }, (_, row) =>
      Array.from({ length: 512 }, (_, at) => bytes.readFloatLE(128 + 4 * (row * 512 + at))),
    );
    const mean = features[0]!.map((_, at) => features.reduce((sum, row) => sum + row[at]!, 0) / 9);
    let rest = features.map((row) => row.map((value, at) => value - mean[at]!));
    for (const axis of [0, 1]) {
      let direction = rest[0]!;
      for (let round = 0; round < 500; round++) {
        const products = rest.map((row) => row.reduce((sum, value, at) => sum + value * direction[at]!, 0));
        const next = direction.map((_, at) => rest.reduce((sum, row, place) => sum + row[at]! * products[place]!, 0));
        const length = Math.hypot(...next);
        direction = next.map((value) => value / length);
      }
      const along = rest.map((row) => row.reduce((sum, value, at) => sum + value * direction[at]!, 0));
      const size = Math.max(...along.map(Math.abs));
      const given = rows.map((row) => Number(row.split(',').at(axis - 2)));
      const sign = Math.sign(given[0]! * along[0]!);
      along.forEach((value, place) => {
        expect(given[place]! / size).toBeCloseTo((sign * value) / size, 3); // the second axis turns with small gaps
      });
      rest = rest.map((row, place) => row.map((value, at) => value - along[place]! * direction[at]!));
    }
    const picture = await sharp(String(found.values.picture)).metadata();
    expect([picture.width, picture.height]).toEqual([1240, 1000]);
  },
  patience,
);

test(
  'a static set: originals and views, with the perplexity that so few allow',
  async () => {
    const target = join(root, 'static');
    await runJob('views', join(root, 'runs/views'), { data: join(root, 'data'), target, imageSize: 32 });
    const found = await runJob('project', join(root, 'runs/tsne'), {
      ...config,
      data: target,
      classes: 2,
      views: [0, 1],
      iterations: 60,
    });
    expect(found.values).toMatchObject({ images: 16, classes: 2 });
    expect(found.protocol).toMatchObject({ measure: 't-SNE', perplexity: 5, views: [0, 1], components: 50 });
    const rows = lines(found.values.points).slice(1);
    expect(rows.map((row) => row.split(',').at(-1))).toEqual([...Array(8).fill('0'), ...Array(8).fill('1')]);
    const warning = found.events.find((event) => event.type === 'log' && event.level === 'warning');
    expect(warning).toMatchObject({ message: 'With 16 images the perplexity is 5.0, not 30.' });
    const big = runJob('project', join(root, 'runs/few'), { ...config, data: target, limit: 4 });
    await expect(big).rejects.toThrow('t-SNE needs at least 4 images, there are 3');
  },
  patience,
);
