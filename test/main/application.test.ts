import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { letGo, makeData, openStudio, temporaryFolder, trainConfigFor, until, untilState } from '../support/studio.ts';

test('a launched run is queued, gets a worker, and all that it reports is in the store', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 2, stepsPerEpoch: 8, stepMs: 5, nanAt: 3 });
  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  const launched = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  expect(launched.config).toMatchObject({ temperature: 0.1, batchSize: 8 }); // resolved: defaults and given
  const run = await untilState(studio, launched.id, 'finished');

  expect(run).toMatchObject({ epoch: 2, epochs: 2, step: 16, totalSteps: 16, device: 'cpu', error: null });
  expect(run.startedAt).not.toBeNull();
  expect(run.endedAt).not.toBeNull();
  expect(run.references).toEqual([{ series: 'step/loss', name: 'chance', value: 4.5 }]);
  expect(run.results.train).toEqual({ values: { loss: Number.POSITIVE_INFINITY }, protocol: { epochs: 2 } });
  const { series } = runs.points({ id: run.id, maxPoints: 1000 });
  const loss = series.find((one) => one.name === 'step/loss')!;
  expect(loss.steps).toEqual(Array.from({ length: 16 }, (_, i) => i));
  expect(loss.values).toEqual(Array.from({ length: 16 }, (_, i) => (i === 3 ? Number.NaN : 5 - i / 100)));
  expect(run.best['epoch/loss']).toEqual({ value: 5 - 15 / 100, epoch: 2, step: 16 });
  expect(runs.checkpoints(run.id).map(({ epoch, best }) => ({ epoch, best }))).toEqual([
    { epoch: 1, best: false },
    { epoch: 2, best: true },
  ]);
  expect(run.sizeBytes).toBe(200);
  expect((await runs.log(run.id, { maxBytes: 1000 })).text).toBe('ended as finished\n');
  expect(await runs.command(run.id)).toMatch(/^npx contrast train \S+data .*--batch-size 8/);
  expect(JSON.parse(readFileSync(join(run.folder, 'config.json'), 'utf8'))).toMatchObject({
    id: run.id,
    kind: 'train',
  });
});

test('one run at a time on a device; the next one starts when it ends', async () => {
  const workspace = temporaryFolder();
  const held = { epochs: 1, stepsPerEpoch: 4, stepMs: 0, holdAt: 2 };
  const data = { first: makeData(workspace, held, 'first'), others: makeData(workspace, held, 'others') };
  const studio = await openStudio(workspace);
  const { runs, queue } = studio.services;
  const first = await runs.launch({ kind: 'train', config: trainConfigFor(data.first), name: 'first' });
  const second = await runs.launch({ kind: 'train', config: trainConfigFor(data.others), name: 'second' });
  const third = await runs.launch({ kind: 'train', config: trainConfigFor(data.others), name: 'third' });
  await untilState(studio, first.id, 'running');
  expect(queue.list()).toMatchObject({ order: [second.id, third.id], active: [first.id], held: false });
  queue.move(third.id, 0);
  letGo(data.first);
  await untilState(studio, third.id, 'running');
  expect(runs.get(first.id).state).toBe('finished');
  expect(runs.get(second.id).state).toBe('queued');
  await runs.stop(second.id);
  expect(runs.get(second.id).state).toBe('stopped');
  letGo(data.others);
  await untilState(studio, third.id, 'finished');
  expect(queue.list().order).toEqual([]);
});

test('a held queue starts nothing until it is released, also after the studio was opened again', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 2, stepMs: 0 });
  const before = await openStudio(workspace);
  before.services.queue.hold();
  const run = await before.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await before.close();
  const studio = await openStudio(workspace);
  expect(studio.services.queue.list()).toMatchObject({ held: true, reason: null, order: [run.id], active: [] });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(studio.services.runs.get(run.id).state).toBe('queued');
  studio.services.queue.release();
  await untilState(studio, run.id, 'finished');
});

test('pause frees the device, resume goes on from the checkpoint, and later points take the place of earlier ones', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 2, stepsPerEpoch: 20, stepMs: 5, holdAt: 30 });
  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  const { id } = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await until(() => runs.get(id).step >= 24, 'a step in the second epoch');
  await runs.pause(id);
  const paused = await untilState(studio, id, 'paused');
  expect(paused.step).toBeGreaterThan(20);
  expect(paused.endedAt).not.toBeNull();

  // From the checkpoint of the first epoch: what was measured after it is superseded.
  const [first] = runs.checkpoints(id);
  await runs.resume(id, first!.file);
  const run = await untilState(studio, id, 'finished');
  const { series } = runs.points({ id, maxPoints: 1000 });
  expect(series.find((one) => one.name === 'step/loss')!.steps).toEqual(Array.from({ length: 40 }, (_, i) => i));
  expect(series.find((one) => one.name === 'epoch/loss')!.steps).toEqual([20, 40]);
  expect(runs.seriesNames(id)).toContainEqual({ name: 'step/loss', count: 40 });
  expect(run.step).toBe(40);
});

test('a worker that ends without a word is a failed run with its exit code', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 8, stepMs: 5, crashAt: 4 });
  const studio = await openStudio(workspace);
  const { id } = await studio.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const run = await untilState(studio, id, 'failed');
  expect(run.error?.message).toContain('ended with code 7');
  expect(run.step).toBe(4); // what it had reported is kept
  expect(run.endedAt).not.toBeNull();
});

test('stopped at the very moment at which it is given a worker, a run stops', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 4, stepMs: 0, holdAt: 2 });
  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  const { id } = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await runs.stop(id);
  const { folder } = await untilState(studio, id, 'stopped');
  const events = () => readFileSync(join(folder, 'events.jsonl'), 'utf8');
  await until(() => events().includes('"type":"ended","state":"stopped"'), 'its worker to have heard of it');
  await untilState(studio, id, 'stopped');
});

test('a killed worker is an interrupted run', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 4, stepMs: 0, holdAt: 2 });
  const studio = await openStudio(workspace);
  const { id } = await studio.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const { folder } = await untilState(studio, id, 'running');
  const { pid } = JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  const run = await untilState(studio, id, 'interrupted');
  expect(run.error?.message).toContain('SIGKILL');
  expect(JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')).state).toBe('interrupted');
});

test('a second studio on the same workspace is refused and told of the first', async () => {
  const workspace = temporaryFolder();
  const studio = await openStudio(workspace);
  studio.announce({ url: 'http://127.0.0.1:4123/', token: 'secret' });
  await expect(openStudio(workspace)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(new RegExp(`process ${process.pid}.*http://127.0.0.1:4123/`)),
  });
  await studio.close();
  await openStudio(workspace);
});
