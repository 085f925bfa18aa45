import { readdirSync } from 'node:fs';
import { mkdtempDisposable, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanFeatureStore } from '../../worker/feature-cleanup.ts';

test('what was not used for longest goes first, the newest stays, old partial files go', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-store-'));
  const day = 24 * 3600;
  const put = async (name: string, bytes: number, ageDays: number) => {
    await writeFile(join(folder.path, name), Buffer.alloc(bytes));
    const then = Date.now() / 1000 - ageDays * day;
    await utimes(join(folder.path, name), then, then);
  };
  for (const [key, age] of [
    ['a', 3],
    ['b', 9],
    ['c', 1],
    ['d', 30],
  ] as const) {
    await put(`${key}.npy`, 100, 40);
    await put(`${key}.json`, 5, age);
  }
  await put('.e.partial', 500, 20);
  await put('.f.partial', 500, 2);

  cleanFeatureStore(folder.path, 'd', 400);
  expect(readdirSync(folder.path)).toHaveLength(9);
  cleanFeatureStore(folder.path, 'd', 250);
  expect(readdirSync(folder.path).sort()).toEqual(['.f.partial', 'c.json', 'c.npy', 'd.json', 'd.npy']);
});
