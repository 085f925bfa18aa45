import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holderOf, takeWorkspace } from '../../../main/jobs/workspace-lock.ts';
import { temporaryFolder } from '../../support/studio.ts';

test('one at a time; the token is for this user alone', () => {
  const workspace = temporaryFolder();
  const lock = takeWorkspace(workspace);
  expect(lock.takenOver).toBe(false);
  expect(() => takeWorkspace(workspace)).toThrow(`process ${process.pid}`);
  lock.announce({ url: 'http://127.0.0.1:1/', token: 'secret' });
  expect(holderOf(workspace)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:1/', token: 'secret' });
  expect(statSync(join(workspace, 'studio.lock')).mode & 0o777).toBe(0o600);
  lock.release();
  expect(holderOf(workspace)).toBeUndefined();
});

test('a lock whose process is gone, or whose pid is another process now, is taken over', () => {
  const workspace = temporaryFolder();
  const path = join(workspace, 'studio.lock');
  for (const left of [
    { pid: 2 ** 22 + 1, processStart: '1', url: null, token: null },
    { pid: process.pid, processStart: 'another time', url: null, token: null },
    { nonsense: true },
  ]) {
    writeFileSync(path, JSON.stringify(left));
    const lock = takeWorkspace(workspace);
    expect(lock.takenOver).toBe(true);
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
    lock.release();
  }
});
