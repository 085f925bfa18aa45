import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFile } from '../../worker/lock-file.ts';

test('is held by one at a time, and freed', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-lock-'));
  const path = join(folder.path, '.lock');
  const first = lockFile(path);
  const second = lockFile(path);
  expect([first.held, second.held]).toEqual([true, false]);
  second[Symbol.dispose]();
  expect(existsSync(path)).toBe(true);
  first[Symbol.dispose]();
  expect(existsSync(path)).toBe(false);
});

test.each([
  ['a process that is gone', () => JSON.stringify({ pid: spawnSync('node', ['-e', '']).pid, start: '1' })],
  ['a process whose number another one has now', () => JSON.stringify({ pid: process.pid, start: 'long ago' })],
  ['a crash in mid-write', () => '{"pid": 1'],
])('left by %s, it is taken over', async (_, text) => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'contrast-lock-'));
  writeFileSync(join(folder.path, '.lock'), text());
  using lock = lockFile(join(folder.path, '.lock'));
  expect(lock.held).toBe(true);
});
