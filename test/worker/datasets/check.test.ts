import { rmSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CheckProgress, checkDataset } from '../../../worker/datasets/check.ts';
import { formatByExtension, formatOf } from '../../../worker/datasets/formats.ts';

const fixtures = join(process.env.CONTRAST_FIXTURES ?? 'test/fixtures', 'image');
interface DecodeCase {
  file: string;
  pil_format?: string;
  sha256_rgb?: string;
}
const cases: DecodeCase[] = JSON.parse(await readFile(join(fixtures, 'decode.json'), 'utf8')).files;

let root: string;
let png: Buffer;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-check-'));
  png = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content: Buffer | string = png): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

describe('odd files', () => {
  beforeEach(async () => {
    await mkdir(join(root, 'odd'));
    for (const { file } of cases) await copyFile(join(fixtures, file), join(root, file.replace('decode/', 'odd/')));
  });

  it('finds broken what Pillow refuses, and nothing else; each with its reason', async () => {
    const check = await checkDataset(root);
    const refused = cases
      .filter(({ sha256_rgb }) => sha256_rgb === undefined)
      .map(({ file }) => file.replace('decode/', 'odd/'));
    expect(check.broken.map(({ path }) => path)).toEqual(refused.sort());
    expect(check.images).toBe(cases.length - refused.length);
    const why = Object.fromEntries(check.broken.map(({ path, why }) => [path, why]));
    expect(why['odd/empty.jpg']).toBe('the file is empty');
    expect(why['odd/text.jpg']).toBe('this is not an image of a known kind');
    expect(why['odd/truncated.jpg']).toMatch(/cut off/);
  });

  it('takes a PNG named .jpg for an image and warns of it', async () => {
    const { warnings } = await checkDataset(root);
    expect(warnings).toEqual(['odd/png-named.jpg is named as JPEG but holds PNG']);
  });

  it('tells formats by their first bytes as Pillow does', async () => {
    const names: Record<string, string> = { WEBP: 'WebP' };
    for (const { file, pil_format } of cases) {
      const expected = pil_format && (names[pil_format] ?? pil_format);
      expect([file, formatOf(await readFile(join(fixtures, file)))]).toEqual([file, expected ?? undefined]);
    }
    expect(formatOf(await sharp(png).tiff().toBuffer())).toBe('TIFF');
    expect(formatByExtension('.TIF')).toBe('TIFF');
  });
});

describe('datasets', () => {
  it('checks every split, counts, and tells where their classes differ', async () => {
    for (const path of ['train/cat/a.png', 'train/cat/b.png', 'train/dog/a.png', 'val/cat/a.png', 'val/eel/a.png'])
      await put(path);
    await put('val/cat/broken.png', png.subarray(0, 40));
    await mkdir(join(root, 'train/fox'));
    const check = await checkDataset(root);
    expect(check).toMatchObject({
      images: 5,
      classes: 3,
      files: { train: 3, val: 3 },
      broken: [{ path: 'val/cat/broken.png' }],
    });
    expect(check.warnings).toEqual([
      `The class folder ${root}/train/fox holds no images`,
      'val/ lacks 2 of the classes, e.g. dog',
      'val/ has what train/ lacks: 1 of the classes, e.g. eel',
    ]);
  });

  it('checks a flat folder', async () => {
    await put('a.png');
    await put('b.png');
    expect(await checkDataset(root)).toEqual({ images: 2, classes: 0, files: { '': 2 }, broken: [], warnings: [] });
  });

  it('reports a file that went away since it was listed, or is no file, by its reason', async () => {
    await put('cat/a.png');
    await put('cat/b.png');
    const check = await checkDataset(root, {
      onProgress: (progress) =>
        progress.stage === 'listing' && progress.files === 2 && rmSync(join(root, 'cat/b.png'), { force: true }),
    });
    expect(check.broken).toEqual([{ path: 'cat/b.png', why: 'there is no such file' }]);
    await symlink('gone.png', join(root, 'cat/linked.png'));
    expect((await checkDataset(root)).warnings.join()).toContain('linked.png');
  });

  it('is fatal only where all are broken, naming one and its reason', async () => {
    await put('cat/a.png', 'text');
    await put('cat/b.jpg', '');
    const failed = checkDataset(root);
    await expect(failed).rejects.toThrow(/None of the 2 images in .* can be used; cat\/a\.png: this is not an image/);
    await expect(failed).rejects.toMatchObject({ code: 'data-invalid', cure: expect.any(String) });
    await put('cat/c.png');
    expect(await checkDataset(root)).toMatchObject({
      images: 1,
      broken: [{ path: 'cat/a.png' }, { path: 'cat/b.jpg' }],
    });
  });

  it('shows its progress and stops when told', async () => {
    for (let index = 0; index < 450; index++) await put(`cat/${index}.png`);
    const reports: CheckProgress[] = [];
    await checkDataset(root, { onProgress: (progress) => reports.push(progress) });
    expect(
      reports.filter(({ stage }) => stage === 'decoding').map((report) => 'done' in report && report.done),
    ).toEqual([100, 200, 300, 400, 450]);
    expect(reports.at(-1)).toEqual({ stage: 'decoding', done: 450, total: 450, broken: 0 });

    const controller = new AbortController();
    let reached = 0;
    const stopped = checkDataset(root, {
      signal: controller.signal,
      onProgress: (progress) => {
        if (progress.stage !== 'decoding') return;
        reached = progress.done;
        controller.abort(new Error('stopped'));
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    expect(reached).toBe(100);
  });

  it('lists many mislabelled files by the first twenty and a count', async () => {
    for (let index = 0; index < 25; index++) await put(`cat/${index}.jpg`);
    const { warnings, images } = await checkDataset(root);
    expect(images).toBe(25);
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)).toBe('and 5 more files named as another format');
  });
});
