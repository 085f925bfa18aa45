import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listDataset } from '../../../engine/datasets/list.ts';
import { makeDemoDataset } from '../../../worker/datasets/demo.ts';
import { defaultDemoPlan, picturesOf } from '../../../worker/datasets/demo-plan.ts';
import { diskReader } from '../../../worker/datasets/folder-reader.ts';

const small = { classes: ['dog-face', 'pizza', 'rocket'], trainPerClass: 8, valPerClass: 2, unseenPerClass: 2 };

let parent: string;
let target: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'contrast-demo-'));
  target = join(parent, 'demo');
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('plan', () => {
  it('is about 4,000 + 1,000 pictures, all in the picture, artists in equal shares, the unseen one apart', () => {
    const pictures = picturesOf(defaultDemoPlan);
    const train = pictures.filter(({ path }) => path.startsWith('train/'));
    expect(train).toHaveLength(4000);
    expect(pictures.filter(({ path }) => path.startsWith('val/'))).toHaveLength(1000);
    expect(new Set(pictures.map(({ path }) => path)).size).toBe(pictures.length);
    for (const { path, artist, placement } of pictures) {
      expect(artist.id === 'emojione').toBe(path.startsWith('val-unseen-artist/'));
      const half = placement.scale / 2;
      for (const centre of [placement.centreX, placement.centreY]) {
        expect(centre - half).toBeGreaterThanOrEqual(0);
        expect(centre + half).toBeLessThanOrEqual(1);
      }
    }
    for (const id of ['twemoji', 'noto']) {
      // 4000 draws of one in two: 2000 with a deviation of 32; five of them.
      expect(Math.abs(train.filter(({ artist }) => artist.id === id).length - 2000)).toBeLessThan(160);
    }
  });

  it('draws the same training pictures whatever the other splits hold', () => {
    const other = picturesOf({ ...defaultDemoPlan, valPerClass: 1, unseenPerClass: 0 });
    expect(other.slice(0, 4000)).toEqual(picturesOf(defaultDemoPlan).slice(0, 4000));
  });
});

describe('making the dataset', () => {
  it('gives the same pixels on every machine', async () => {
    const { pixelsSha256 } = await makeDemoDataset(target, small);
    expect(pixelsSha256).toBe('a41f5abd5ad5a4b381166bbc8c1630f789099e9225caa353aac9bb0df5989590');
    expect((await makeDemoDataset(join(parent, 'other'), { ...small, seed: 2 })).pixelsSha256).not.toBe(pixelsSha256);
  });

  it('makes all of it: 100 classes that three artists have drawn, in 15 MB', async () => {
    const reached: number[] = [];
    const demo = await makeDemoDataset(target, { onProgress: (done, total) => reached.push(done / total) });
    expect(demo).toMatchObject({
      made: true,
      images: 6000,
      pixelsSha256: 'fe273a26c99b41c68fe59e0e0b67757088a5ef18f05cfce5cc0fd54e568aca04',
    });
    expect(demo.sizeBytes).toBeLessThan(15e6);
    expect(reached).toEqual([...reached].sort((a, b) => a - b));
    expect(reached.at(-1)).toBe(1);
    const listing = await listDataset(target, diskReader, { split: 'val' });
    expect(listing.splits).toEqual(['train', 'val', 'val-unseen-artist']);
    expect(listing.classes).toHaveLength(100);
    expect(listing.files.length).toBe(1000);
    expect(await readdir(parent)).toEqual(['demo']);
    expect(await readFile(join(target, 'README.md'), 'utf8')).toContain('EmojiOne 2 | CC BY 4.0');
  });

  it('draws what the plan says, on white: position and size of what is not white', async () => {
    await makeDemoDataset(target, small);
    for (const { path, placement } of picturesOf({ ...defaultDemoPlan, ...small })) {
      const { data, info } = await sharp(join(target, path)).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 32, height: 32, channels: 3 });
      let [inked, sumX, sumY] = [0, 0, 0];
      for (let pixel = 0; pixel < 1024; pixel++) {
        if (Math.min(...data.subarray(pixel * 3, pixel * 3 + 3)) > 250) continue;
        inked++;
        sumX += (pixel % 32) + 0.5;
        sumY += Math.floor(pixel / 32) + 0.5;
      }
      const side = placement.scale * 32;
      expect(inked).toBeGreaterThan(0.15 * side * side);
      expect(inked).toBeLessThan(side * side + 4 * side);
      // The centre of mass of a drawing lies near the middle of its box.
      expect(Math.hypot(sumX / inked - placement.centreX * 32, sumY / inked - placement.centreY * 32)).toBeLessThan(
        side / 4,
      );
    }
  });

  it('keeps the same dataset as it is', async () => {
    expect((await makeDemoDataset(target, small)).made).toBe(true);
    const before = (await stat(join(target, 'dataset.json'))).mtimeMs;
    expect((await makeDemoDataset(target, small)).made).toBe(false);
    expect((await stat(join(target, 'dataset.json'))).mtimeMs).toBe(before);
  });

  it('fills an empty folder and one that does not exist yet, however deep', async () => {
    await mkdir(target);
    expect((await makeDemoDataset(target, small)).made).toBe(true);
    expect((await makeDemoDataset(join(parent, 'a/b/c'), small)).made).toBe(true);
  });

  it.each([
    ['another seed', { seed: 7 }, /made from seed 1, not 7/],
    ['another plan', { trainPerClass: 9 }, /made to another plan/],
  ])('refuses a demo dataset of %s', async (_, change, message) => {
    await makeDemoDataset(target, small);
    const failed = makeDemoDataset(target, { ...small, ...change });
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ code: 'conflict', cure: expect.any(String) });
  });

  it('refuses a demo dataset that lost a picture, a foreign folder and a file, and touches none', async () => {
    await makeDemoDataset(target, small);
    const [lost] = await readdir(join(target, 'val/pizza'));
    await rm(join(target, 'val/pizza', lost!));
    await expect(makeDemoDataset(target, small)).rejects.toThrow(/was changed: val\//);

    const foreign = join(parent, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'thesis.txt'), 'mine');
    await expect(makeDemoDataset(foreign, small)).rejects.toThrow(/not empty, and what it holds is no demo dataset/);
    expect(await readFile(join(foreign, 'thesis.txt'), 'utf8')).toBe('mine');
    await expect(makeDemoDataset(join(foreign, 'thesis.txt'), small)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leaves nothing when stopped, and clears away what a killed run left', async () => {
    const controller = new AbortController();
    const stopped = makeDemoDataset(target, {
      signal: controller.signal,
      onProgress: (done) => done > 0 && controller.abort(new Error('stopped')),
    });
    await expect(stopped).rejects.toThrow('stopped');
    expect(await readdir(parent)).toEqual([]);

    await mkdir(`${target}.partial-4194305/train`, { recursive: true }); // above the largest process id of Linux
    await mkdir(`${target}.partial-${process.ppid}`);
    await makeDemoDataset(target, small);
    expect((await readdir(parent)).sort()).toEqual(['demo', `demo.partial-${process.ppid}`]);
  });

  it('names a drawing that is not there', async () => {
    await expect(makeDemoDataset(target, { ...small, classes: ['no-such-emoji'] })).rejects.toMatchObject({
      code: 'environment',
    });
    expect(await readdir(parent)).toEqual([]);
  });
});
