/** SEED's TSV against the files it was made of, through the loader. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTsv, openTsv, rowAddresses } from '../../../worker/datasets/tsv.ts';
import { openLoader } from '../../../worker/loader/loader.ts';
import { makePictures } from '../../support/pictures.ts';

let root: string;
let files: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-tsv-'));
  await makePictures(join(root, 'pictures'), { splits: { train: 3 }, side: 16 });
  const folders = ['blue', 'green', 'red'].map((name) => join(root, 'pictures', 'train', name));
  files = (
    await Promise.all(folders.map(async (folder) => (await readdir(folder)).sort().map((name) => join(folder, name))))
  ).flat();
});

afterAll(() => rm(root, { recursive: true, force: true }));

async function writeTsv(name: string, change: (rows: string[]) => string[] = (rows) => rows, index = true) {
  const rows = await Promise.all(
    files.map(async (file, at) => `${at}\t${Math.floor(at / 3)}\t${(await readFile(file)).toString('base64')}`),
  );
  const lines = change(rows).map((row) => `${row}\n`);
  await writeFile(join(root, `${name}.tsv`), lines.join(''));
  let offset = 0;
  const offsets = lines.map((line) => {
    offset += line.length;
    return offset - line.length;
  });
  if (index) await writeFile(join(root, `${name}.lineidx`), offsets.map((at) => `${at}\n`).join(''));
  return join(root, `${name}.tsv`);
}

const open = (path: string) => openTsv(path, { signal: new AbortController().signal, onProgress: () => {} });

async function load(paths: Iterable<string>) {
  const broken: string[] = [];
  const loader = await openLoader({
    files: paths,
    pipelines: [{ kind: 'evaluation', imageSize: 16, fit: 'whole' }],
    batchSize: 16,
    seed: 0,
    order: 'sequential',
    dropLast: false,
    decode: 'pil',
    threads: 0,
    onBroken: ({ reason }) => broken.push(reason),
  });
  for await (const { views } of loader.epoch(0)) {
    const pixels = views[0]!.slice();
    await loader.close();
    return { pixels, broken: broken.sort() };
  }
  throw new Error('no batch');
}

describe('images in a TSV', { timeout: 300_000 }, () => {
  test('are those of the files, with a line index and without', async () => {
    const wanted = (await load(files)).pixels;
    for (const index of [true, false]) {
      const rows = await open(await writeTsv(`index-${index}`, undefined, index));
      expect(rows.offsets).toHaveLength(10);
      expect(rows.warnings).toHaveLength(index ? 0 : 1);
      expect((await load(rowAddresses(rows))).pixels).toEqual(wanted);
    }
  });

  test('that are broken are named by their line and left out', async () => {
    const rows = await open(await writeTsv('broken', (rows) => rows.with(2, '2\t0').with(4, '4\t1\tQUJD')));
    const { pixels, broken } = await load(rowAddresses(rows));
    expect(pixels).toHaveLength(7 * 16 * 16 * 3);
    expect(broken[0]).toContain('broken.tsv, line 3: 2 columns');
    expect(broken[1]).toContain('broken.tsv, line 5: this is not an image');
  });

  test('are found as a file or in its folder', async () => {
    const path = await writeTsv('train');
    expect(findTsv(root)).toBe(path);
    expect(findTsv(path)).toBe(path);
    expect(findTsv(join(root, 'pictures'))).toBeNull();
    await expect(open(join(root, 'gone.tsv'))).rejects.toThrow('There is no file');
    await writeFile(join(root, 'empty.tsv'), '');
    await expect(open(join(root, 'empty.tsv'))).rejects.toThrow('There are no rows');
  });
});
