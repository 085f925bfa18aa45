/** The layer rules see TypeScript modules: each is broken once, in a copy of the house with one file a room. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
let house: string;

/** Files and the rule that each breaks; null for those that break none. */
const files: [name: string, text: string, rule: string | null][] = [
  ['common/records.ts', `import { z } from 'zod';\nexport const record = z.string();`, null],
  ['common/clock.ts', `import { hostname } from 'node:os';\nexport const host = hostname();`, 'common-without-node'],
  ['engine/tf.ts', `import * as tf from '@tensorflow/tfjs';\nexport { tf };`, null],
  ['engine/loss.ts', `import { tf } from './tf.ts';\nexport const zero = () => tf.scalar(0);`, null],
  ['engine/second-door.ts', `import * as tf from '@tensorflow/tfjs';\nexport { tf };`, 'one-door-to-tfjs'],
  ['engine/reads.ts', `import { readFileSync } from 'node:fs';\nexport { readFileSync };`, 'engine-without-node'],
  ['worker/main.ts', `import { zero } from '../engine/loss.ts';\nimport 'sharp';\nzero();`, null],
  [
    'main/store/rows.ts',
    `import type { record } from '../../common/records.ts';\nexport type Row = typeof record;`,
    null,
  ],
  ['main/store/up.ts', `import { sum } from '../services/sum.ts';\nexport { sum };`, 'store'],
  ['main/services/sum.ts', `export const sum = 1;`, null],
  ['main/services/tensors.ts', `import { zero } from '../../engine/loss.ts';\nexport { zero };`, 'services'],
  ['main/services/native.ts', `import '@tensorflow/tfjs-node-gpu';`, 'native-only-in-worker'],
  ['main/cli/window.ts', `import { app } from 'electron';\nexport { app };`, 'electron-only-in-its-door'],
  ['main/cli/trains.ts', `import { zero } from '../../engine/loss.ts';\nexport { zero };`, 'doors'],
  [
    'main/api/router.ts',
    `import { sum } from '../services/sum.ts';\nexport const router = sum;\nexport type Router = number;`,
    null,
  ],
  ['renderer/page.ts', `import type { Router } from '../main/api/router.ts';\nexport type Api = Router;`, null],
  [
    'renderer/reach.ts',
    `import { router } from '../main/api/router.ts';\nexport { router };`,
    'renderer-knows-types-only',
  ],
  ['renderer/deep.ts', `import type { Row } from '../main/store/rows.ts';\nexport type Deep = Row;`, 'renderer'],
  ['preload/index.ts', `import { contextBridge } from 'electron';\nexport { contextBridge };`, null],
  ['system/lost.ts', `import { nothing } from './not-there.ts';\nexport { nothing };`, 'found'],
];

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'contrast-layers-'));
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
    copyFileSync(join(root, name), join(house, name));
  }
  symlinkSync(join(root, 'node_modules'), join(house, 'node_modules'), 'junction');
  for (const [name, text] of files) {
    mkdirSync(dirname(join(house, name)), { recursive: true });
    writeFileSync(join(house, name), text);
  }
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

test('each planted import is told by its rule, and nothing else is', () => {
  const script = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs');
  const folders = ['common', 'engine', 'system', 'worker', 'main', 'preload', 'renderer'];
  const { stdout } = spawnSync(
    process.execPath,
    [script, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders],
    { cwd: house, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const { summary } = JSON.parse(stdout) as { summary: { violations: { from: string; rule: { name: string } }[] } };
  const told = new Map(files.map(([name]) => [name, [] as string[]]));
  for (const { from, rule } of summary.violations) told.get(from)?.push(rule.name);
  for (const [name, , rule] of files) {
    if (rule) expect(told.get(name), name).toContain(rule);
    else expect(told.get(name), name).toEqual([]);
  }
});
