import { expect, test } from 'vitest';
import type { Point } from '../../../common/records.ts';
import type { RunUpdate } from '../../../common/updates.ts';
import {
  letGo,
  makeData,
  openStudio,
  temporaryFolder,
  trainConfigFor,
  until,
  untilState,
} from '../../support/studio.ts';

/** A watcher that keeps a curve as a page does. */
class Page {
  steps: number[] = [];
  seq = -1;
  updates = 0;
  states = new Set<string>();

  take(update: RunUpdate) {
    this.updates++;
    this.seq = update.seq;
    const { supersededFrom } = update;
    if (supersededFrom !== null) this.steps = this.steps.filter((step) => step < supersededFrom);
    this.steps.push(...update.points.filter(isLoss).map((point) => point.step));
    if (update.run) this.states.add(update.run.state);
  }
}

const isLoss = (point: Point) => point.series === 'step/loss';

test('a watcher that comes late, goes and comes back has every point once', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 2, stepsPerEpoch: 60, stepMs: 10, holdAt: 20 });
  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  const { id } = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await until(() => runs.get(id).step > 5, 'a few steps');

  const page = new Page();
  const { series, seq } = runs.points({ id, maxPoints: 1000 });
  page.steps = [...series.find((one) => one.name === 'step/loss')!.steps];
  page.seq = seq;
  for (let visit = 0; visit < 6; visit++) {
    for await (const update of runs.watch(id, { afterSeq: page.seq })) {
      page.take(update);
      break;
    }
  }
  letGo(data);
  while (runs.get(id).state === 'running') {
    // Reconnects all the time: with what the last update said.
    const visit = new AbortController();
    let seen = 0;
    for await (const update of runs.watch(id, { afterSeq: page.seq, signal: visit.signal })) {
      page.take(update);
      if (++seen === 3) visit.abort();
      if (update.run?.state === 'finished') break;
    }
  }
  for await (const update of runs.watch(id, { afterSeq: page.seq })) {
    page.take(update);
    break;
  }
  expect(page.steps).toEqual(Array.from({ length: 120 }, (_, i) => i));
  expect(page.updates).toBeGreaterThan(5);
});

test('a watcher is told when the run goes on from an earlier step', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 2, stepsPerEpoch: 30, stepMs: 20, holdAt: 45 });
  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  const { id } = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const page = new Page();
  const watching = (async () => {
    for await (const update of runs.watch(id, { afterSeq: -1 })) {
      page.take(update);
      if (update.run?.state === 'finished') return;
    }
  })();
  await until(() => runs.get(id).step > 35, 'the second epoch');
  await runs.stop(id);
  const stopped = await untilState(studio, id, 'stopped');
  await runs.resume(id, runs.checkpoints(id)[0]!.path);
  await watching;
  expect(stopped.step).toBeGreaterThan(30);
  expect(page.steps).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect([...page.states]).toEqual(expect.arrayContaining(['queued', 'running', 'stopped', 'finished']));

  // One that was away meanwhile has points that are gone: it is told to read again.
  for await (const update of runs.watch(id, { afterSeq: 10 })) {
    expect(update).toMatchObject({ reload: true, points: [] });
    break;
  }
});

test('the list tells of changes, and of runs that are gone', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 2, stepMs: 0 });
  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  const told: string[] = [];
  const leaving = new AbortController();
  const watching = (async () => {
    for await (const update of runs.watchList({ signal: leaving.signal })) {
      if (update.type === 'reload') told.push('reload');
      else if (update.type === 'removed') told.push(...update.ids.map((id) => `removed ${id}`));
      else told.push(...update.runs.map((run) => `${run.state} ${run.id}`));
    }
  })();
  const { id } = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await until(() => told.includes(`finished ${id}`), 'finished');
  runs.trash([id]);
  await runs.deleteForever([id]);
  await until(() => told.includes(`removed ${id}`), 'removed');
  expect(told[0]).toBe('reload');
  leaving.abort();
  await watching;
});

test('points are with a watcher while the run goes on, not at its end alone', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 20, stepMs: 5, holdAt: 12 });
  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  const { id } = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const steps: number[] = [];
  for await (const update of runs.watch(id, { afterSeq: -1 })) {
    steps.push(...update.points.filter(isLoss).map((point) => point.step));
    if (steps.length === 12) letGo(data); // it goes on once these are here
    if (update.run?.state === 'finished') break;
  }
  expect(steps).toEqual(Array.from({ length: 20 }, (_, step) => step));
});
