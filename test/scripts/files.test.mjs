import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderBytes, makeFolder, readJson, writeJson } from '../../scripts/setup/files.mjs';
import { isStale, takeLock } from '../../scripts/setup/lock.mjs';
import { hashOfFiles } from '../../scripts/setup/pages.mjs';

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'contrast-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder is made whole or not at all', () => {
  test('filled beside its place, then renamed; what an interrupted attempt left is cleared', async () => {
    const target = path.join(folder, 'library');
    mkdirSync(path.join(folder, '.library-dead'));
    await makeFolder(target, (temporary) => {
      expect(existsSync(target)).toBe(false);
      writeFileSync(path.join(temporary, 'file'), 'content');
    });
    expect(readFileSync(path.join(target, 'file'), 'utf8')).toBe('content');
    expect(readdirSync(folder)).toEqual(['library']);
  });

  test('a failure leaves what was there before, and nothing else', async () => {
    const target = path.join(folder, 'library');
    await makeFolder(target, (temporary) => writeFileSync(path.join(temporary, 'file'), 'old'));
    const failing = makeFolder(target, (temporary) => {
      writeFileSync(path.join(temporary, 'file'), 'half');
      throw new Error('no space');
    });
    await expect(failing).rejects.toThrow('no space');
    expect(readFileSync(path.join(target, 'file'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['library']);
  });
});

test('a half-written record reads as none', () => {
  const file = path.join(folder, 'record.json');
  writeJson(file, { format: 1 });
  expect(readJson(file)).toEqual({ format: 1 });
  writeFileSync(file, '{"format": 1, "var');
  expect(readJson(file)).toBeUndefined();
});

test('the size of a folder counts what is below it', () => {
  mkdirSync(path.join(folder, 'inner'));
  writeFileSync(path.join(folder, 'a'), 'x'.repeat(10));
  writeFileSync(path.join(folder, 'inner', 'b'), 'x'.repeat(5));
  expect(folderBytes(folder)).toBe(15);
  expect(folderBytes(path.join(folder, 'absent'))).toBe(0);
});

test('what goes into a build is known by names and contents', () => {
  const write = (name, text) => writeFileSync(path.join(folder, name), text);
  write('a', 'one');
  write('b', 'two');
  const before = hashOfFiles(folder, ['a', 'b', 'absent']);
  expect(hashOfFiles(folder, ['a', 'b', 'absent'])).toBe(before);
  write('b', 'three');
  expect(hashOfFiles(folder, ['a', 'b', 'absent'])).not.toBe(before);
});

describe('the lock of set-up', () => {
  const holder = { pid: 7, host: 'here' };
  const nowMs = 1_000_000;

  test('is stale when its process is gone, or silent for a minute on another machine', () => {
    const gone = { host: 'here', nowMs, isAlive: () => false };
    const alive = { host: 'here', nowMs, isAlive: () => true };
    expect(isStale(holder, nowMs, gone)).toBe(true);
    expect(isStale(holder, 0, alive)).toBe(false);
    expect(isStale({ pid: 7, host: 'there' }, nowMs - 59_000, alive)).toBe(false);
    expect(isStale({ pid: 7, host: 'there' }, nowMs - 61_000, gone)).toBe(true);
  });

  test('is taken over from a process that was killed, and waited for while its holder lives', async () => {
    const file = path.join(folder, 'setup.lock');
    // the highest pid that Linux gives is 2^22: no such process
    writeFileSync(file, JSON.stringify({ pid: 2 ** 22 + 1, host: os.hostname() }));
    const giveBack = await takeLock(file, () => {});
    let waited;
    const second = takeLock(file, (pid) => {
      waited ??= pid;
      giveBack();
    });
    const giveBackSecond = await second;
    expect(waited).toBe(process.pid);
    giveBackSecond();
    expect(existsSync(file)).toBe(false);
  });
});
