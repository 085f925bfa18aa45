import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkNode, isNewEnough } from '../../scripts/setup/node.mjs';
import { cacheFolder } from '../../scripts/setup/paths.mjs';
import { lastWords, run } from '../../scripts/setup/run.mjs';
import { whyNoWindow } from '../../scripts/start/electron.mjs';
import { parseStart } from '../../scripts/start/options.mjs';
import { countsLine, countsOf, failureLines, leftOutLines } from '../../scripts/test/summary.mjs';

describe('npm start', () => {
  test('passes its options on in the words of each door', () => {
    expect(parseStart(['--web', '--port', '0', '--workspace', 'w', '--no-open'])).toEqual({
      web: true,
      serve: ['--port', '0', '--workspace', 'w', '--no-open'],
      electron: ['--workspace=w'],
    });
    expect(parseStart([])).toEqual({ web: false, serve: [], electron: [] });
  });

  test('an unknown option or a wrong port is named', () => {
    expect(() => parseStart(['--prot', '1'])).toThrow('--prot');
    expect(() => parseStart(['--port', 'http'])).toThrow('--port http');
  });

  test('says why there is no window', () => {
    const ask = (environment, userId = 1000) => whyNoWindow({ platform: 'linux', environment, userId });
    expect(ask({})).toMatch('display');
    expect(ask({ DISPLAY: ':0' }, 0)).toMatch('root');
    expect(ask({ WAYLAND_DISPLAY: 'wayland-0' })).toBeUndefined();
    expect(whyNoWindow({ platform: 'darwin', environment: {} })).toBeUndefined();
  });
});

describe('Node', () => {
  test('22.18 is the oldest that the studio runs on', () => {
    expect(['v20.20.2', 'v22.17.1', 'v22.18.0', 'v24.0.0'].map((version) => isNewEnough(version))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  test('an old one is enough where npm brings a newer one, else it is refused before anything is installed', () => {
    checkNode({ platform: 'linux', arch: 'x64', version: 'v20.0.0' });
    checkNode({ platform: 'darwin', arch: 'arm64', version: 'v24.1.0' });
    expect(() => checkNode({ platform: 'darwin', arch: 'arm64', version: 'v20.0.0' })).toThrow('darwin arm64');
  });
});

test('the cache is outside of the checkout, where the platform keeps such things', () => {
  const home = path.join('/', 'home', 'someone');
  expect(cacheFolder({}, 'linux', home)).toBe(path.join(home, '.cache', 'contrast-studio'));
  expect(cacheFolder({ XDG_CACHE_HOME: '/cache' }, 'linux', home)).toBe(path.join('/cache', 'contrast-studio'));
  expect(cacheFolder({}, 'darwin', home)).toBe(path.join(home, 'Library', 'Caches', 'contrast-studio'));
  expect(cacheFolder({ CONTRAST_CACHE: '/mine' }, 'linux', home)).toBe(path.resolve('/mine'));
});

describe('a program that set-up runs', () => {
  test('is killed when it takes too long', async () => {
    const result = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { timeoutMs: 200 });
    expect(result.signal).toBe('timeout');
  });

  test('that does not exist is a failure, not a crash', async () => {
    const { code, output } = await run('no-such-program', []);
    expect(code).toBe(127);
    expect(output).toMatch('ENOENT');
  });

  test('the telling line of its output is found', () => {
    expect(lastWords('compiling\nfile.cc:1: fatal error: x.h: No such file\ncompilation terminated.\n')).toMatch('x.h');
    expect(lastWords('')).toBe('it said nothing');
  });
});

test('the end of npm test: what was left out by reason, what failed and how, then the counts', () => {
  const leftOut = [
    { name: 'a', why: 'no GPU' },
    { name: 'b', why: 'no GPU' },
  ];
  const files = [
    { file: 'one', passed: 3, failed: 0, skipped: 2, failures: [], leftOut },
    { file: 'two', passed: 1, failed: 1, skipped: 0, failures: [{ name: 'c', error: '1\n2' }], leftOut: [] },
  ];
  expect(leftOutLines(files, null)).toEqual(['', 'Left out:', '  no GPU: one > a; one > b']);
  expect(leftOutLines([], null)).toEqual(['']);
  expect(failureLines('Failed', files)).toEqual(['', 'Failed:', '  two > c', '    1\n    2']);
  expect(failureLines('Failed', [])).toEqual([]);
  expect(countsLine(countsOf(files))).toBe('4 passed, 1 failed, 2 skipped');
});
