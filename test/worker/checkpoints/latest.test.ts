import { mkdtempDisposable, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringifyMetadata } from '../../../common/checkpoint-metadata.ts';
import { writeCheckpoint } from '../../../worker/checkpoints/files.ts';
import { latestValid } from '../../../worker/checkpoints/latest.ts';
import { metadataAt } from './metadata.ts';

async function folderWithThree() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'contrast-latest-'));
  const hashes = new Map<string, string>();
  for (const epoch of [1, 2, 10]) {
    const name = `checkpoint_${String(epoch).padStart(4, '0')}.safetensors`;
    const tensor = { name: 'queue', shape: [4], data: Float32Array.of(epoch, 2, 3, 4) };
    const metadata = stringifyMetadata(metadataAt({ epoch, step: epoch * 62 }));
    hashes.set(name, (await writeCheckpoint(join(folder.path, name), [tensor], metadata)).sha256);
  }
  return { path: folder.path, hashes, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('the checkpoint with the most steps is the latest', async () => {
  await using folder = await folderWithThree();
  await writeFile(join(folder.path, 'notes.txt'), '');
  const { latest, skipped } = await latestValid(folder.path, folder.hashes);
  expect(latest).toMatchObject({
    path: join(folder.path, 'checkpoint_0010.safetensors'),
    metadata: { epoch: 10, step: 620, config: { temperature: 0.1 } },
  });
  expect(skipped).toEqual([]);
});

test('files that are cut, changed or foreign are passed over with the reason', async () => {
  await using folder = await folderWithThree();
  await truncate(join(folder.path, 'checkpoint_0010.safetensors'), 100);
  const second = join(folder.path, 'checkpoint_0002.safetensors');
  const bytes = await readFile(second);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(second, bytes);
  await writeCheckpoint(join(folder.path, 'foreign.safetensors'), [], { format: 'pt' });
  const { latest, skipped } = await latestValid(folder.path, folder.hashes);
  expect(latest?.metadata.epoch).toBe(1);
  expect(skipped.map(({ error }) => error.message).sort()).toEqual([
    expect.stringContaining('checkpoint_0002.safetensors: expected SHA-256'),
    expect.stringContaining('checkpoint_0010.safetensors, byte 0: expected the length of the header'),
    expect.stringContaining('foreign.safetensors is no checkpoint of Contrast Studio'),
  ]);
});

test('a checkpoint that the log does not know yet is taken by its header', async () => {
  await using folder = await folderWithThree();
  folder.hashes.delete('checkpoint_0010.safetensors');
  expect((await latestValid(folder.path, folder.hashes)).latest?.metadata.epoch).toBe(10);
});

test('a folder without checkpoints, or that is not there, has none', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-latest-'));
  const none = { latest: undefined, skipped: [] };
  expect(await latestValid(folder.path, new Map())).toEqual(none);
  expect(await latestValid(join(folder.path, 'missing'), new Map())).toEqual(none);
});
