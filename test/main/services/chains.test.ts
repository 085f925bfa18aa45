/** Chains in a real studio: real files, real worker processes that play their jobs, a studio that is really killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type ChainRecord, chainRecord, chainState, holdWords } from '../../../common/chains.ts';
import type { Application } from '../../../main/application.ts';
import { createRunFolder, isAlive, readState } from '../../../main/jobs/run-folder.ts';
import { createChainRecords } from '../../../main/services/chain-files.ts';
import { freshLinks } from '../../../main/services/chain-steps.ts';
import { processStart } from '../../../system/process-start.ts';
import { threeLinks } from '../../support/chain-cases.ts';
import { letGo, makeData, openStudio, temporaryFolder, until } from '../../support/studio.ts';
import type { TestPlan } from '../../support/test-worker.ts';

const quick: TestPlan = { epochs: 2, stepsPerEpoch: 2, stepMs: 0 };
/** Ends only when it is told to. */
const endless: TestPlan = { epochs: 1, stepsPerEpoch: 100_000, stepMs: 20 };
const given = { teacher: '/teacher' };
const patience = 300_000;

function threeOn(workspace: string, plans: Partial<Record<'one' | 'two' | 'three', TestPlan>> = {}) {
  const data = (name: 'one' | 'two' | 'three') => makeData(workspace, plans[name] ?? quick, name);
  return threeLinks({ one: data('one'), two: data('two'), three: data('three') });
}

function untilChain(studio: Application, id: string, state: ReturnType<typeof chainState>): Promise<ChainRecord> {
  const ask = () => {
    const chain = studio.services.chains.get(id);
    return chainState(chain) === state && chain;
  };
  return until(ask, () => `${state}; it is ${JSON.stringify(studio.services.chains.get(id).links)}`, patience);
}

const runFolders = (workspace: string) => readdirSync(join(workspace, 'runs')).filter((name) => !name.startsWith('.'));
const fileOf = (workspace: string, id: string) => createChainRecords(join(workspace, 'chains')).read(id);

test('link after link, each a run that starts from the one before', { timeout: patience }, async () => {
  const workspace = temporaryFolder();
  const studio = await openStudio(workspace);
  const { chains, runs } = studio.services;
  const started = await chains.start({ chain: threeOn(workspace), given, name: 'Mine' });
  expect(started.links.map(({ state }) => state)).toEqual(['queued', 'waiting', 'waiting']);
  const ended = await untilChain(studio, started.id, 'finished');

  const made = ended.links.map(({ run }) => runs.get(run!));
  expect(made.map(({ name, parent }) => [name, parent])).toEqual([
    ['First', null],
    ['Second', made[0]!.id],
    ['Third', made[1]!.id],
  ]);
  expect(made[1]!.config.resume).toBe(join(made[0]!.folder, 'checkpoints', 'checkpoint_0004.safetensors'));
  expect(made[2]!.config.resume).toBe(ended.links[1]!.checkpoint);
  await until(() => chainState(fileOf(workspace, started.id)) === 'finished', 'the file to say so', patience);
  expect(fileOf(workspace, started.id)).toMatchObject({ name: 'Mine', links: ended.links });
  expect(chains.list().map(({ id }) => id)).toEqual([started.id]);
  // What each took is how long it would take again.
  const { links } = await chains.plan({ chain: threeOn(workspace), given });
  for (const [at, { seconds }] of links.entries()) {
    const { startedAt, endedAt, step } = made[at]!;
    const pace = (Date.parse(endedAt!) - Date.parse(startedAt!)) / 1000 / step;
    expect(seconds).toBeCloseTo(pace * links[at]!.estimates!.totalSteps!, 9);
  }
  await expect(chains.cancel(started.id)).rejects.toThrow('"Mine" is finished');
});

test('a link that fails holds the chain and says why; it goes on there', { timeout: patience }, async () => {
  const workspace = temporaryFolder();
  const studio = await openStudio(workspace);
  const { chains, runs } = studio.services;
  const chain = threeOn(workspace, { two: { ...quick, crashAt: 3 }, three: { ...quick, crashAt: 3 } });
  const { id } = await chains.start({ chain, given });
  const held = await untilChain(studio, id, 'held');
  expect(held.links.map(({ state }) => state)).toEqual(['finished', 'failed', 'waiting']);
  expect(holdWords(held)).toMatch(/^"Second" has failed: .*7/);
  await expect(chains.continue(id, { changes: { one: { epochs: 9 } } })).rejects.toThrow('"First" is finished');

  // Resumed on its own, and as the chain: in the run that it had begun either way.
  await runs.resume(held.links[1]!.run!);
  await until(() => chains.get(id).links[2]!.state === 'failed', 'the third link to fail', patience);
  await chains.continue(id);
  const ended = await untilChain(studio, id, 'finished');
  expect(ended.links[1]!.run).toBe(held.links[1]!.run);
  expect(runs.list({ limit: 10, offset: 0 }).total).toBe(3);
});

test('cancelled it stops and starts nothing more; with other values it goes on in a new run', {
  timeout: patience,
}, async () => {
  const workspace = temporaryFolder();
  const studio = await openStudio(workspace);
  const { chains, runs } = studio.services;
  const chain = threeOn(workspace, { two: endless });
  const { id } = await chains.start({ chain, given });
  await until(() => chains.get(id).links[1]!.state === 'running', 'the second link to run', patience);
  await expect(chains.continue(id)).rejects.toThrow('"Second" is running');
  await chains.cancel(id);
  const cancelled = await until(() => {
    const now = chains.get(id);
    return now.links[1]!.state === 'stopped' && now;
  }, 'the link to stop');
  expect(chainState(cancelled)).toBe('cancelled');
  expect(holdWords(cancelled)).toBe('"Second" was stopped.');

  const { data } = chain.links[2]!.config;
  await expect(chains.continue(id, { changes: { two: { data: '/nowhere' } } })).rejects.toThrow(
    '"Second": There is no folder /nowhere.',
  );
  await chains.continue(id, { changes: { two: { data } } });
  const ended = await untilChain(studio, id, 'finished');
  expect(ended.links[1]!.run).not.toBe(cancelled.links[1]!.run);
  expect(runs.get(cancelled.links[1]!.run!).state).toBe('stopped');
  expect(runs.get(ended.links[1]!.run!).config.data).toBe(data);
});

test('kill -9 of the studio: the link goes on without it, the next one is queued by the next studio', {
  timeout: patience,
}, async () => {
  const workspace = temporaryFolder();
  const chain = threeOn(workspace, { one: { ...quick, holdAt: 1 } });
  const data = chain.links.map(({ config }) => String(config.data));
  const script = join(import.meta.dirname, '../../support/chain-process.ts');
  const child = spawn(process.execPath, [script, workspace, ...data], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const id = String((await once(child.stdout, 'data'))[0]).trim();
  const folder = join(workspace, 'runs', runFolders(workspace)[0]!);
  await until(() => readState(folder)?.state === 'running', 'the first link to run');
  child.kill('SIGKILL');
  await once(child, 'exit');
  letGo(data[0]!);
  await until(() => readState(folder)?.state === 'finished', 'the first link to finish by itself', patience);
  expect(
    fileOf(workspace, id)
      .links.map(({ state }) => state)
      .slice(1),
  ).toEqual(['waiting', 'waiting']);

  const studio = await openStudio(workspace);
  const ended = await untilChain(studio, id, 'finished');
  expect(folder).toContain(ended.links[0]!.run);
  expect(runFolders(workspace)).toHaveLength(3);
});

/** A record that is on disk before a studio opens. */
function left(workspace: string, change: Partial<ChainRecord> = {}): ChainRecord {
  const chain = threeOn(workspace);
  const record = { id: 'leftover', createdAt: new Date().toISOString(), chain, given, links: freshLinks(chain) };
  const parsed = chainRecord.parse({ ...record, ...change });
  createChainRecords(join(workspace, 'chains')).write(parsed);
  return parsed;
}

test('killed between writing down a run and making it, or right after: it is made once', {
  timeout: patience,
}, async () => {
  for (const isMade of [false, true]) {
    const workspace = temporaryFolder();
    const record = left(workspace);
    const links = record.links.map((link, at) => (at === 0 ? { ...link, run: 'abcdefgh' } : link));
    createChainRecords(join(workspace, 'chains')).write({ ...record, links });
    const before = await openStudio(workspace, { runQueue: false });
    const { config } = await before.services.launch.check('train', record.chain.links[0]!.config);
    await before.close();
    const file = {
      id: 'abcdefgh',
      kind: 'train',
      name: 'First',
      createdAt: record.createdAt,
      recipe: null,
      parent: null,
    };
    if (isMade) {
      createRunFolder(join(workspace, 'runs'), { file: { ...file, config: config! }, command: '', state: 'queued' });
    }
    const studio = await openStudio(workspace);
    const ended = await untilChain(studio, record.id, 'finished');
    expect(ended.links[0]!.run).toBe('abcdefgh');
    expect(runFolders(workspace)).toHaveLength(3);
    await studio.close();
  }
});

test('one that a command line runs is left to it, and taken over when that is gone', {
  timeout: patience,
}, async () => {
  const workspace = temporaryFolder();
  const driver = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  onTestFinished(() => void driver.kill('SIGKILL'));
  await once(driver, 'spawn');
  const pid = driver.pid!;
  const record = left(workspace, { driver: { pid, processStart: processStart(pid) } });
  const first = await openStudio(workspace);
  await expect(first.services.chains.continue(record.id)).rejects.toThrow(`at a command line, process ${pid}`);
  expect(first.services.chains.get(record.id).links[0]).toMatchObject({ state: 'waiting', run: null });
  await first.close();
  expect(runFolders(workspace)).toEqual([]);

  driver.kill('SIGKILL');
  await once(driver, 'exit');
  expect(isAlive(record.driver!)).toBe(false);
  const second = await openStudio(workspace);
  await untilChain(second, record.id, 'finished');
});

test('a record that somebody spoilt is told of and keeps none of the others away', async () => {
  const workspace = temporaryFolder();
  const { id } = left(workspace, { cancelledAt: new Date().toISOString() });
  writeFileSync(join(workspace, 'chains', 'spoilt.json'), '{"id": "spoilt"}');
  const studio = await openStudio(workspace);
  const { chains } = studio.services;
  expect(chains.list().map((chain) => chain.id)).toEqual([id]);
  expect(() => chains.get('spoilt')).toThrow('cannot be read');
  expect(() => chains.get('../settings')).toThrow('There is no chain');
});

test('the plan says what is missing, what is wrong and how much each link will do', async () => {
  const workspace = temporaryFolder();
  const studio = await openStudio(workspace);
  const { chains } = studio.services;
  const chain = threeOn(workspace);
  const bare = await chains.plan({ chain, given: {} });
  expect(bare.missing).toEqual(['teacher']);
  // 64 images of train/ in batches of 8, two epochs; nothing is said of checkpoints that are still to be made.
  expect(
    bare.links.map(({ estimates, issues }) => [estimates?.totalSteps, issues.filter((i) => i.level === 'error')]),
  ).toEqual([16, 16, 16].map((steps) => [steps, []]));
  const wrong = await chains.plan({ chain, given, changes: { two: { epochs: 0 } } });
  expect(wrong.links[1]!.issues).toMatchObject([{ field: 'epochs', level: 'error' }]);
  await expect(chains.start({ chain, given, changes: { two: { epochs: 0 } } })).rejects.toThrow(
    '"Second": Epochs is 0',
  );
  await expect(chains.start({ chain: 'demo-seed', given: { data: '/nowhere', teacher: '/nothing' } })).rejects.toThrow(
    '"Distillation": There is no folder /nowhere.',
  );
  expect(chains.list()).toEqual([]);
});
