import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { thumbnailOf } from '../../../main/web/thumbnails.ts';
import { temporaryFolder } from '../../support/studio.ts';

/** A studio whose one run is of the images in `folder`/data. */
async function studioOf(folder: string) {
  mkdirSync(join(folder, 'data', 'train', 'a cat'), { recursive: true });
  const picture = sharp({ create: { width: 300, height: 150, channels: 3, background: '#336699' } });
  await picture
    .clone()
    .png()
    .toFile(join(folder, 'data', 'train', 'a cat', '1 #2.png'));
  await picture.clone().png().toFile(join(folder, 'outside.png'));
  writeFileSync(join(folder, 'data', 'notes.txt'), 'not an image');
  writeFileSync(join(folder, 'data', 'broken.jpg'), 'not an image');
  const configOf = (id: string) => {
    if (id !== 'known') throw new AppError('not-found', `There is no run ${id}.`);
    return { data: join(folder, 'data') };
  };
  const services = { runs: { get: (id: string) => ({ config: configOf(id) }) }, tasks: { configOf } };
  return (path: string, query = '') => thumbnailOf(services, path.split('/'), new URLSearchParams(query));
}

test('an image of a run is made small, with its own shape', async () => {
  const ask = await studioOf(temporaryFolder());
  const found = await ask('runs/known/train/a%20cat/1%20%232.png', 'side=100');
  const { width, height, format } = await sharp(Buffer.from(found!.bytes)).metadata();
  expect([width, height, format]).toEqual([100, 50, 'webp']);
  expect(await ask('tasks/known/train/a%20cat/1%20%232.png')).not.toBeNull();
});

test('a bitmap is shown as well, with its own pixels', async () => {
  const folder = temporaryFolder();
  const ask = await studioOf(folder);
  const fixture = join(import.meta.dirname, '../../fixtures/image/decode');
  copyFileSync(join(fixture, 'bitmap.bmp'), join(folder, 'data', 'one.bmp'));
  copyFileSync(join(fixture, 'lossless.webp'), join(folder, 'data', 'one.webp')); // the same picture
  const [bitmap, other] = [await ask('runs/known/one.bmp'), await ask('runs/known/one.webp')];
  expect(Buffer.compare(bitmap!.bytes, other!.bytes)).toBe(0);
  writeFileSync(join(folder, 'data', 'cut.bmp'), 'BM and no more');
  expect(await ask('runs/known/cut.bmp')).toBeNull();
});

test.each([
  'runs/other/train/a%20cat/1%20%232.png',
  'datasets/known/train/a%20cat/1%20%232.png',
  'runs/known',
  'runs/known/../outside.png',
  'runs/known/%2e%2e/outside.png',
  'runs/known/..%2foutside.png',
  'runs/known/train/..%5c..%5coutside.png',
  'runs/known/notes.txt',
  'runs/known/broken.jpg',
  'runs/known/train',
  'runs/known/nowhere.png',
])('nothing but the images of known runs: %s', async (path) => {
  const ask = await studioOf(temporaryFolder());
  expect(await ask(path)).toBeNull();
});
