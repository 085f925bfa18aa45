import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtempDisposable, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { removePartials } from '../../../worker/checkpoints/atomic-files.ts';
import { readCheckpoint, type TensorToWrite, writeCheckpoint } from '../../../worker/checkpoints/files.ts';

const temporaryFolder = () => mkdtempDisposable(join(tmpdir(), 'contrast-checkpoint-'));

const tensors: TensorToWrite[] = [
  { name: 'queue_ptr', shape: [1], data: BigInt64Array.of(2n ** 53n + 1n) },
  { name: 'mask', shape: [3], dtype: 'BOOL', data: Uint8Array.of(1, 0, 1) },
  {
    name: 'conv1.weight',
    shape: [2, 3],
    data: Float32Array.of(1, -0, Number.NaN, 1e-45, 3.4e38, Number.NEGATIVE_INFINITY),
  },
  { name: 'half', shape: [2], dtype: 'F16', data: Uint16Array.of(0x3c00, 0xc000) },
  { name: 'lazy', shape: [2, 2], data: async () => Float32Array.of(5, 6, 7, 8) },
  { name: 'part', shape: [2], data: Float32Array.of(0, 1, 2, 3).subarray(1, 3) },
  { name: 'scalar', shape: [], data: Float64Array.of(Math.PI) },
  { name: 'none', shape: [0, 4], data: new Float32Array(0) },
];

describe('a written checkpoint', () => {
  test("gives back every tensor and the metadata, and its hash is the file's", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'checkpoint_0001.safetensors');
    const written = await writeCheckpoint(path, tensors, { epoch: '1', note: 'ä\n"' });
    const bytes = await readFile(path);
    expect(written).toEqual({ sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    await using file = await readCheckpoint(path, { expectedSha256: written.sha256 });
    expect(file.metadata).toEqual({ epoch: '1', note: 'ä\n"' });
    expect(await file.read('queue_ptr')).toEqual(BigInt64Array.of(2n ** 53n + 1n));
    expect(await file.read('mask')).toEqual(Uint8Array.of(1, 0, 1));
    expect(await file.read('conv1.weight')).toEqual(tensors[2]!.data);
    expect(await file.read('half')).toEqual(Float32Array.of(1, -2));
    expect(await file.read('lazy')).toEqual(Float32Array.of(5, 6, 7, 8));
    expect(await file.read('part')).toEqual(Float32Array.of(1, 2));
    expect(await file.read('scalar')).toEqual(Float64Array.of(Math.PI));
    expect(await file.read('none')).toEqual(new Float32Array(0));
    expect(file.tensors.get('conv1.weight')).toMatchObject({ dtype: 'F32', shape: [2, 3] });
    await expect(file.read('fc.weight')).rejects.toThrow(`${path}: there is no tensor "fc.weight" in it.`);
  });

  test('larger than a chunk is whole', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'large.safetensors');
    const data = Float32Array.from({ length: 3_000_001 }, (_, index) => index);
    const { sha256 } = await writeCheckpoint(path, [{ name: 'large', shape: [data.length], data }], {});
    await using file = await readCheckpoint(path, { expectedSha256: sha256 });
    expect(Buffer.compare(Buffer.from((await file.read('large')).buffer), Buffer.from(data.buffer))).toBe(0);
  });

  test('takes the place of an older one in one go, and leaves nothing else in the folder', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'c.safetensors');
    await writeCheckpoint(path, tensors, { epoch: '1' });
    await writeCheckpoint(path, tensors, { epoch: '2' });
    await using file = await readCheckpoint(path);
    expect(file.metadata).toEqual({ epoch: '2' });
    expect(await readdir(folder.path)).toEqual(['c.safetensors']);
  });
});

describe('a write that fails', () => {
  test.each<[string, TensorToWrite, RegExp]>([
    [
      'because a tensor cannot be had',
      { name: 'a', shape: [1], data: () => Promise.reject(new Error('gone')) },
      /gone/,
    ],
    ['because the values do not fit the shape', { name: 'a', shape: [3], data: Float32Array.of(1) }, /a has 4 bytes/],
  ])('%s leaves the older file and no other', async (_, tensor, message) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'c.safetensors');
    const { sha256 } = await writeCheckpoint(path, tensors, {});
    await expect(writeCheckpoint(path, [...tensors, tensor], {})).rejects.toThrow(message);
    expect(await readdir(folder.path)).toEqual(['c.safetensors']);
    await using file = await readCheckpoint(path, { expectedSha256: sha256 });
    expect(file.tensors.size).toBe(tensors.length);
  });

  test('because the disk is too small says how much it needs, before anything is written', async () => {
    await using folder = await temporaryFolder();
    const huge: TensorToWrite = { name: 'a', shape: [2 ** 50], data: () => expect.unreachable() };
    const error = await writeCheckpoint(join(folder.path, 'c.safetensors'), [huge], {}).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error.code).toBe('environment');
    expect(error.message).toMatch(/c\.safetensors needs 45035996273\d+ bytes, but its disk has \d+ free/);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('because the process died leaves a partial file that removePartials clears', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, '.c.safetensors.1b9d.partial'), 'half');
    await writeCheckpoint(join(folder.path, 'c.safetensors'), tensors, {});
    await removePartials(folder.path);
    expect(await readdir(folder.path)).toEqual(['c.safetensors']);
  });
});

describe('a checkpoint that changed', () => {
  test('by one bit of a value is refused by its hash', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'c.safetensors');
    const { sha256, sizeBytes } = await writeCheckpoint(path, tensors, {});
    const bytes = await readFile(path);
    bytes[sizeBytes - 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(readCheckpoint(path, { expectedSha256: sha256 })).rejects.toThrow(
      new RegExp(`c.safetensors: expected SHA-256 ${sha256}, found `),
    );
  });

  test('by its length is refused by its header', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'c.safetensors');
    const { sizeBytes } = await writeCheckpoint(path, tensors, {});
    const longer = join(folder.path, 'longer.safetensors');
    await copyFile(path, longer);
    await truncate(longer, sizeBytes + 1);
    await truncate(path, sizeBytes - 1);
    for (const each of [path, longer]) {
      await expect(readCheckpoint(each)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    }
  });

  test('while it is open gives an error, not zeros', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'c.safetensors');
    const data = new Float32Array(1000).fill(1);
    await writeCheckpoint(path, [{ name: 'a', shape: [1000], data }], {});
    await using file = await readCheckpoint(path);
    await truncate(path, 2000);
    await expect(file.read('a')).rejects.toThrow(/expected 4000 bytes at byte \d+, found \d+/);
  });
});

test('a path without a file, and one of a folder, are named', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'c.safetensors');
  await expect(readCheckpoint(path)).rejects.toMatchObject({
    code: 'not-found',
    message: `There is no checkpoint ${path}.`,
  });
  await mkdir(path);
  await expect(readCheckpoint(path)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
});
