import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { listDataset } from '../../../engine/datasets/list.ts';
import { imagenetLikeReader, type SyntheticFolder, syntheticReader } from './synthetic-reader.ts';

const list = (root: SyntheticFolder, options: Parameters<typeof listDataset>[2] = {}) =>
  listDataset('/data', syntheticReader(root), options);

const pictures = { 'b.png': '', 'a.JPG': '' };

describe('layouts', () => {
  const splitRoot = {
    val: { dog: pictures, cat: { 'x.webp': '' } },
    train: { dog: pictures, cat: pictures },
    'val-unseen': { cat: pictures },
  };

  it('lists the training split of train/ and val/, labels by sorted class name', async () => {
    const listing = await list(splitRoot);
    expect(listing).toMatchObject({ kind: 'image-folder', split: 'train', classes: ['cat', 'dog'] });
    expect(listing.splits).toEqual(['train', 'val', 'val-unseen']);
    expect([...listing.files.paths()]).toEqual([
      'train/cat/a.JPG',
      'train/cat/b.png',
      'train/dog/a.JPG',
      'train/dog/b.png',
    ]);
    expect([...listing.labels]).toEqual([0, 0, 1, 1]);
    expect(listing.files.label(3)).toBe(1);
  });

  it('lists a split by name, and test/ where val is asked for and only test is there', async () => {
    expect([...(await list(splitRoot, { split: 'val' })).files.paths()]).toEqual([
      'val/cat/x.webp',
      'val/dog/a.JPG',
      'val/dog/b.png',
    ]);
    expect((await list(splitRoot, { split: 'val-unseen' })).classes).toEqual(['cat']);
    const tested = await list({ train: { cat: pictures }, test: { cat: pictures } }, { split: 'val' });
    expect(tested.split).toBe('test');
  });

  it('lists class folders that lie in the root, as the training split too', async () => {
    const root = { dog: pictures, cat: pictures };
    for (const split of [undefined, 'train']) {
      const listing = await list(root, { split });
      expect(listing).toMatchObject({ kind: 'image-folder', split: undefined, splits: [], classes: ['cat', 'dog'] });
      expect(listing.files.path(0)).toBe('cat/a.JPG');
    }
  });

  it('takes a class that is called train for a class', async () => {
    const listing = await list({ bicycle: pictures, train: pictures });
    expect(listing.classes).toEqual(['bicycle', 'train']);
  });

  it('lists a flat folder without labels, also within a split and beside folders without images', async () => {
    const flat = await list({ ...pictures, 'notes.txt': '' });
    expect(flat).toMatchObject({ kind: 'flat', classes: [], split: undefined });
    expect([...flat.files.paths()]).toEqual(['a.JPG', 'b.png']);
    expect([...flat.labels]).toEqual([-1, -1]);
    expect((await list({ ...pictures, papers: { 'a.pdf': '' } })).kind).toBe('flat');
    const split = await list({ train: pictures });
    expect([...split.files.paths()]).toEqual(['train/a.JPG', 'train/b.png']);
  });

  it('takes every image extension in any case, and leaves out dot files and what is no image', async () => {
    const kept = ['a.jpg', 'b.JPEG', 'c.png', 'd.webp', 'e.gif', 'f.tif', 'g.TIFF', 'h.bmp'];
    const left = ['._a.jpg', '.DS_Store', 'i.txt', 'j.jpg.part', 'jpg', 'k.npy'];
    const folder = Object.fromEntries([...left, ...kept].map((name) => [name, '']));
    const listing = await list({ cat: folder, '.git': pictures, __MACOSX: pictures });
    expect(listing.classes).toEqual(['cat']);
    expect([...listing.files.paths()]).toEqual(kept.map((name) => `cat/${name}`));
  });

  it('warns of images beside class folders', async () => {
    const listing = await list({ cat: pictures, 'stray.png': '' });
    expect(listing.files.length).toBe(2);
    expect(listing.warnings.join()).toMatch(/1 images lie beside .*stray\.png/);
  });
});

describe('order', () => {
  it("is sorted(os.walk(class)): folders by whole path, then names, by code point as Python's", async () => {
    const root = {
      c: {
        'z.png': '',
        'a-b': { 'n.png': '' },
        a: { 'm.png': '', b: { 'o.png': '' } },
        '\u{1F600}.png': '',
        '\uFB00.png': '',
        'Z.png': '',
      },
    };
    // What sorted() of Python 3 makes of these paths.
    expect([...(await list(root)).files.paths()]).toEqual([
      'c/Z.png',
      'c/z.png',
      'c/\uFB00.png',
      'c/\u{1F600}.png',
      'c/a/m.png',
      'c/a-b/n.png',
      'c/a/b/o.png',
    ]);
  });
});

describe('links', () => {
  it('follows them but not into a loop, and says so', async () => {
    const listing = await list({
      cat: { 'a.png': '', up: '->/data/cat', root: '->/data' },
      dog: '->/data/cat',
      'e.png': '->/data/nowhere',
    });
    expect(listing.classes).toEqual(['cat', 'dog']);
    expect([...listing.files.paths()]).toEqual(['cat/a.png', 'dog/a.png']);
    expect(listing.warnings.filter((warning) => warning.includes('leads back'))).toHaveLength(4);
  });

  it('warns of a link to an image that is gone', async () => {
    const listing = await list({ cat: { ...pictures, 'gone.png': '->/data/nowhere.png' } });
    expect(listing.files.length).toBe(2);
    expect(listing.warnings.join()).toContain('gone.png');
  });
});

describe('errors name the folder and the cure', () => {
  const failing = [
    ['no images at all', { cat: { 'a.txt': '' } }, {}, /no images in \/data/],
    ['an empty root', {}, {}, /no images in \/data/],
    [
      'an empty class',
      { train: { cat: pictures, dog: {}, eel: {} } },
      {},
      /\/data\/train\/dog holds no images \(and 1 more/,
    ],
    [
      'train/ without val/',
      { train: { cat: pictures } },
      { split: 'val' },
      /\/data has no val\/ folder: there are only train/,
    ],
    ['a probe of unsplit classes', { cat: pictures }, { split: 'val' }, /no split folders/],
    [
      'an unknown split',
      { train: { cat: pictures }, val: { cat: pictures } },
      { split: 'vla' },
      /no vla\/ folder: there are only train, val/,
    ],
  ] as const;

  it.each(failing)('%s', async (_, root, options, message) => {
    const failed = list(root, options);
    await expect(failed).rejects.toMatchObject({ code: 'data-invalid', cure: expect.any(String) });
    await expect(failed).rejects.toThrow(message);
  });

  it('an empty class is a warning where that is asked for, and keeps its label', async () => {
    const listing = await list({ ant: {}, cat: pictures }, { emptyClass: 'warn' });
    expect(listing.classes).toEqual(['ant', 'cat']);
    expect([...listing.labels]).toEqual([1, 1]);
    expect(listing.warnings).toEqual(['The class folder /data/ant holds no images']);
  });
});

describe('scale', () => {
  it('can be stopped, and reports as it goes', async () => {
    const controller = new AbortController();
    const reached: number[] = [];
    const scan = listDataset('/data', imagenetLikeReader(2, 50_000), {
      signal: controller.signal,
      onProgress: ({ files }) => {
        reached.push(files);
        if (files >= 20_000) controller.abort(new Error('enough'));
      },
    });
    await expect(scan).rejects.toThrow('enough');
    expect(reached.at(-1)).toBeLessThan(30_000);
    expect(reached.length).toBeGreaterThan(3);
  });

  it('holds the 1.3 million names of an ImageNet in far less than 1 GiB', async () => {
    const script = fileURLToPath(new URL('large-scan.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, '1000', '1300']);
    const measured = JSON.parse(stdout);
    expect(measured).toMatchObject({ files: 1_300_000, classes: 1000, lastLabel: 999 });
    expect(measured.lastPath).toMatch(/^train\/n\d{8}\/n\d{8}_999\.JPEG$/);
    expect(measured.reports).toBeGreaterThan(1000);
    expect(measured.peakRssBytes).toBeLessThan(512 * 2 ** 20);
    // Per file: 18 bytes of name, 8 of offset, 4 of folder, 4 of label = 34; the rest is Node itself (about 10 MB).
    expect(measured.keptBytes).toBeLessThan(80e6);
  });
});
