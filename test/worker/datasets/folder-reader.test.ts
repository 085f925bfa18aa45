import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { listDataset } from '../../../engine/datasets/list.ts';
import { fingerprintDataset } from '../../../worker/datasets/fingerprint.ts';
import { diskReader, folderError } from '../../../worker/datasets/folder-reader.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'contrast-listing-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(path: string, content = 'x'): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), content);
}

describe('listing a folder on disk', () => {
  it('finds classes, nested folders and linked files, and comes out of a loop', async () => {
    for (const path of ['train/cat/b.png', 'train/cat/more/a.jpg', 'train/dog/x.gif', 'val/cat/v.png']) await put(path);
    await symlink('../cat/b.png', join(root, 'train/dog/linked.png'));
    await symlink('..', join(root, 'train/cat/loop'));
    await symlink('nowhere.png', join(root, 'train/dog/gone.png'));
    await symlink('itself.png', join(root, 'train/dog/itself.png'));
    const listing = await listDataset(root, diskReader);
    expect([...listing.files.paths()]).toEqual([
      'train/cat/b.png',
      'train/cat/more/a.jpg',
      'train/dog/linked.png',
      'train/dog/x.gif',
    ]);
    expect([...listing.labels]).toEqual([0, 0, 1, 1]);
    expect(listing.warnings).toHaveLength(3);
  });

  it.each([
    ['missing', 'nothing-here', /There is no folder .*nothing-here/],
    ['a file', 'file.png', /file\.png is a file, not a folder/],
    ['empty', 'empty', /no images in .*empty/],
  ])('says so when the root is %s', async (_, name, message) => {
    await put('file.png');
    await mkdir(join(root, 'empty'));
    const failed = listDataset(join(root, name), diskReader);
    await expect(failed).rejects.toThrow(message);
    await expect(failed).rejects.toMatchObject({ code: 'data-invalid', cure: expect.any(String) });
  });

  const readsAll = process.getuid?.() === 0 || process.platform === 'win32';
  it.skipIf(readsAll)(
    `names a class that may not be read${readsAll ? ' (left out: the superuser may read everything)' : ''}`,
    async () => {
      await put('cat/a.png');
      await put('dog/a.png');
      await chmod(join(root, 'dog'), 0);
      await expect(listDataset(root, diskReader)).rejects.toThrow(/dog cannot be read: permission denied/);
      await chmod(join(root, 'dog'), 0o700);
    },
  );

  it("turns the system's refusals into errors for people, and leaves other errors alone", () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    expect(folderError('/data/cat', denied)).toMatchObject({
      code: 'data-invalid',
      message: expect.stringContaining('/data/cat'),
      cure: expect.stringContaining('chmod'),
    });
    expect(folderError('/data', Object.assign(new Error('EIO: i/o error'), { code: 'EIO' }))).toBeInstanceOf(AppError);
    const own = new Error('stopped');
    expect(folderError('/data', own)).toBe(own);
  });
});

describe('fingerprint', () => {
  async function fingerprint(): Promise<string> {
    const { files } = await listDataset(root, diskReader);
    return (await fingerprintDataset(root, files)).sha256;
  }

  it('is the hash of paths and sizes, tells every change of them, and nothing else', async () => {
    await put('cat/a.png', '1');
    await put('cat/b.png', '22');
    const { files } = await listDataset(root, diskReader);
    // printf 'cat/a.png\0001\ncat/b.png\0002\n' | sha256sum
    expect(await fingerprintDataset(root, files)).toEqual({
      files: 2,
      sizeBytes: 3,
      sha256: 'bf5e5415ba3368a822909a6492fafb61834292ed8d5f15951bffa8c776372758',
    });
    const before = await fingerprint();
    await put('cat/a.png', '9');
    expect(await fingerprint()).toBe(before);
    await put('cat/a.png', '99');
    expect(await fingerprint()).not.toBe(before);
    await put('cat/a.png', '1');
    await put('cat/c.png');
    expect(await fingerprint()).not.toBe(before);
  });
});
