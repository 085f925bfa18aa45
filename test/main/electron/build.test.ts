/** What the desktop application runs is built, not the sources: the built worker must do what they do. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { trainConfig } from '../../../common/jobs/train.ts';
import type * as Application from '../../../main/application.ts';
import { createRunFolder, newRunId, readState } from '../../../main/jobs/run-folder.ts';
import { makePictures } from '../../support/pictures.ts';
import { temporaryFolder } from '../../support/studio.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const built = join(root, 'node_modules', '.contrast', `build-${process.pid}`);
const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');

beforeAll(async () => {
  const env = { ...process.env, CONTRAST_BUILD_FOLDER: built, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [electronVite, 'build'], { cwd: root, env });
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

test('all parts are there, and the preload asks for nothing but Electron', () => {
  for (const file of [
    'app/main/electron/main.js',
    'app/main/store/migrations/meta/_journal.json',
    'renderer/index.html',
  ]) {
    expect(existsSync(join(built, file)), file).toBe(true);
  }
  const preload = readFileSync(join(built, 'preload', 'index.cjs'), 'utf8');
  expect(preload.match(/require\([^)]*\)/g)).toEqual(['require("electron")']);
  // The content security policy forbids scripts in the page itself.
  expect(readFileSync(join(built, 'renderer', 'index.html'), 'utf8')).not.toMatch(/<script(?![^>]*\bsrc=)/);
});

test('the built application finds its migrations, its version and its recipes', async () => {
  const { openApplication } = (await import(join(built, 'app/main/application.js'))) as typeof Application;
  const application = await openApplication({
    workspace: temporaryFolder(),
    workerEntry: join(built, 'app/main/electron/worker.js'),
    resources: join(root, 'resources'),
  });
  onTestFinished(() => application.close());
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect((await application.services.system.info()).version).toBe(version);
  expect(application.services.runs.list({ limit: 1, offset: 0 }).total).toBe(0);
  expect((await application.services.recipes.list()).length).toBeGreaterThan(0);
});

test('the built worker trains, loader threads and all, and ends by itself with its code', async () => {
  const workspace = temporaryFolder();
  const data = join(workspace, 'data');
  await makePictures(data, { splits: { train: 12, val: 4 }, side: 20 });
  const values = { stem: 'small', imageSize: 16, batchSize: 8, queueLength: 16, bnSplits: 2, embeddingDimension: 16 };
  const config = trainConfig.parse({ data, ...values, epochs: 1, workers: 1, learningRate: 0.01 });
  const folder = createRunFolder(workspace, {
    file: {
      id: newRunId(),
      kind: 'train',
      name: 'built',
      createdAt: new Date().toISOString(),
      recipe: null,
      parent: null,
      config,
    },
    command: '',
    state: 'preparing',
  });
  const worker = spawn(process.execPath, [join(built, 'app/main/electron/worker.js'), folder], { stdio: 'inherit' });
  const [code] = await once(worker, 'exit');
  expect(readState(folder)).toMatchObject({ state: 'finished', error: null });
  expect(code).toBe(0);
  expect(readdirSync(join(folder, 'checkpoints'))).toHaveLength(1);
});
