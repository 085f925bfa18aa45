import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endingOf, outputName, workerEnvironment } from '../../../main/jobs/worker-process.ts';
import { temporaryFolder } from '../../support/studio.ts';

const end = { code: null, signal: null, outOfMemoryKill: null };

test('what the end of a worker without a word means', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, outputName), 'loading\nError: Cannot find libcudart.so\nstack\n');
  const stateAndCode = (exit: object) => {
    const { state, error } = endingOf({ ...end, ...exit }, folder);
    return [state, error?.code];
  };
  expect(endingOf(null, folder)).toEqual({ state: 'interrupted', error: null });
  expect(stateAndCode({ signal: 'SIGKILL' })).toEqual(['interrupted', 'out-of-memory']);
  expect(stateAndCode({ signal: 'SIGKILL', outOfMemoryKill: true })).toEqual(['interrupted', 'out-of-memory']);
  expect(stateAndCode({ signal: 'SIGKILL', outOfMemoryKill: false })).toEqual(['interrupted', 'job-failed']);
  expect(stateAndCode({ code: 137, outOfMemoryKill: true })).toEqual(['interrupted', 'out-of-memory']);
  expect(stateAndCode({ signal: 'SIGTERM' })).toEqual(['interrupted', 'job-failed']);
  expect(stateAndCode({ signal: 'SIGSEGV' })).toEqual(['failed', 'job-failed']);
  expect(stateAndCode({ code: 4 })).toEqual(['failed', 'environment']);
  expect(endingOf({ ...end, code: 1 }, folder).error?.message).toContain('Cannot find libcudart.so');
});

test('a worker that TensorFlow ended for want of memory says so, with a batch that takes half', () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, outputName),
    "terminate called after throwing 'std::bad_alloc'\n  what():  std::bad_alloc\n",
  );
  const config = { id: 'a', kind: 'train', name: 'a', recipe: null, parent: null, config: { batchSize: 256 } };
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...config, createdAt: '2026-01-01T00:00:00.000Z' }));
  const { state, error } = endingOf({ ...end, signal: 'SIGABRT' }, folder);
  expect(state).toBe('failed');
  expect(error).toMatchObject({ code: 'out-of-memory' });
  expect(error?.cure).toContain('a batch of 128');
});

test('the libraries of set-up go in front of the loader path', () => {
  const environment = workerEnvironment({ LD_LIBRARY_PATH: '/mine', HOME: '/h' }, ['/a', '/b']);
  expect(environment).toMatchObject({ LD_LIBRARY_PATH: '/a:/b:/mine', HOME: '/h', TF_CPP_MIN_LOG_LEVEL: '3' });
  expect(workerEnvironment({}, [])).not.toHaveProperty('LD_LIBRARY_PATH');
});
