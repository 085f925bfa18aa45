import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isAlive, readState } from '../../main/jobs/run-folder.ts';
import { letGo, makeData, openStudio, temporaryFolder, trainConfigFor, until, untilState } from '../support/studio.ts';

const studioProcess = join(import.meta.dirname, '..', 'support', 'studio-process.ts');

/** Starts a studio with queued runs in a process of its own, and kills it once the first of them is under way. */
async function killedStudio(workspace: string, data: string, count: number) {
  const child = spawn(process.execPath, [studioProcess, workspace, data, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const { ids, order } = JSON.parse(String(line)) as { ids: string[]; order: string[] };
  const name = readdirSync(join(workspace, 'runs')).find((folder) => folder.endsWith(ids[0]!))!;
  const folder = join(workspace, 'runs', name);
  await until(() => readState(folder)?.state === 'running', 'the first run to run');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { ids, order, folder };
}

test('kill -9 of the studio: the worker goes on, the queue is as it was, no point is lost or counted twice', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 2, stepsPerEpoch: 50, stepMs: 1, holdAt: 60 });
  const { ids, order, folder } = await killedStudio(workspace, data, 4);
  expect(order).toEqual([ids[3], ids[1], ids[2]]);
  expect(isAlive(readState(folder)!)).toBe(true);

  const studio = await openStudio(workspace);
  const { runs, queue } = studio.services;
  expect(queue.list()).toMatchObject({ order, active: [ids[0]], held: false });
  expect(runs.get(ids[0]!).state).toBe('running');
  queue.hold();
  letGo(data);
  const run = await untilState(studio, ids[0]!, 'finished');
  expect(run.step).toBe(100);
  const { series } = runs.points({ id: run.id, maxPoints: 10_000 });
  expect(series.find((one) => one.name === 'step/loss')!.steps).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(runs.seriesNames(run.id)).toContainEqual({ name: 'step/loss', count: 100 });
  expect(queue.list().order).toEqual(order);
});

test('kill -9 of studio and worker: the run is interrupted and not tried again, the queued ones go on', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 3, stepsPerEpoch: 40, stepMs: 1, holdAt: 50 });
  const { ids, folder } = await killedStudio(workspace, data, 2);
  process.kill(readState(folder)!.pid!, 'SIGKILL');
  await until(() => !isAlive(readState(folder)!), 'the worker to be gone');
  letGo(data);

  const studio = await openStudio(workspace);
  const { runs } = studio.services;
  expect(runs.get(ids[0]!)).toMatchObject({ state: 'interrupted' });
  await untilState(studio, ids[1]!, 'finished');
  expect(runs.get(ids[0]!).state).toBe('interrupted');

  await runs.resume(ids[0]!);
  const run = await untilState(studio, ids[0]!, 'finished');
  expect(run).toMatchObject({ step: 120, error: null });
  const { series } = runs.points({ id: run.id, maxPoints: 10_000 });
  expect(series.find((one) => one.name === 'step/loss')!.steps).toEqual(Array.from({ length: 120 }, (_, i) => i));
});

test('a run that was about to start when the studio was killed is queued as before', async () => {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 1, stepsPerEpoch: 2, stepMs: 0 });
  const before = await openStudio(workspace);
  before.services.queue.hold();
  const { id, folder } = await before.services.runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await before.close();
  const dead = { ...readState(folder)!, state: 'preparing', pid: 2 ** 22 + 1, processStart: '1' };
  writeFileSync(join(folder, 'state.json'), JSON.stringify({ ...dead, updatedAt: '2020-01-01T00:00:00.000Z' }));
  const studio = await openStudio(workspace);
  expect(studio.services.runs.get(id).state).toBe('queued');
  studio.services.queue.release();
  await untilState(studio, id, 'finished');
});

/** A workspace with two runs that have ended and one that is queued, closed. */
async function usedWorkspace() {
  const workspace = temporaryFolder();
  const data = makeData(workspace, { epochs: 2, stepsPerEpoch: 8, stepMs: 1, nanAt: 2 });
  const studio = await openStudio(workspace);
  const { runs, queue } = studio.services;
  const first = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const second = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  await untilState(studio, second.id, 'finished');
  runs.rename(first.id, 'the first one');
  runs.trash([second.id]);
  queue.hold();
  const queued = await runs.launch({ kind: 'train', config: trainConfigFor(data) });
  const all = { ids: [first.id, second.id, queued.id], records: [runs.get(first.id), runs.get(second.id)] };
  const points = runs.points({ id: first.id, maxPoints: 1000 });
  await studio.close();
  return { workspace, ...all, points };
}

for (const [damage, harm] of [
  [
    'overwritten in the middle',
    (file: string) => {
      const size = statSync(file).size;
      const bytes = readFileSync(file);
      bytes.fill(0xff, 4096, Math.min(size, 4096 * 12));
      writeFileSync(file, bytes);
    },
  ],
  ['cut off', (file: string) => truncateSync(file, 5000)],
  ['not a database', (file: string) => writeFileSync(file, 'hello '.repeat(2000))],
  ['gone', (file: string) => rmSync(file)],
] as const) {
  test(`a database that is ${damage} is made anew from the run folders`, async () => {
    const { workspace, ids, records, points } = await usedWorkspace();
    const file = join(workspace, 'studio.db');
    harm(file);
    const studio = await openStudio(workspace, { runQueue: false });
    const { runs, queue, system } = studio.services;
    await until(() => runs.list({ limit: 10, offset: 0 }).total === 2, 'the runs to be found again');
    await until(() => runs.list({ limit: 10, offset: 0, trashed: true }).total === 1, 'the one in the trash');
    await until(
      () => records.every((record) => JSON.stringify(runs.get(record.id)) === JSON.stringify(record)),
      'same',
    );
    expect(runs.points({ id: ids[0]!, maxPoints: 1000 })).toEqual(points);
    expect(runs.get(ids[0]!).name).toBe('the first one');
    expect(queue.list().order).toEqual([ids[2]]);
    if (damage !== 'gone') {
      expect(readdirSync(workspace).some((name) => name.startsWith('studio.db.damaged-'))).toBe(true);
      expect(await system.doctor()).toContainEqual(expect.objectContaining({ name: 'Database', level: 'warning' }));
    }
  });
}

test('a corrupt run folder is one broken row, not a dead studio', async () => {
  const { workspace, ids, records } = await usedWorkspace();
  const [first] = records;
  writeFileSync(join(first!.folder, 'config.json'), '{"id": "');
  rmSync(join(workspace, 'studio.db'));
  const studio = await openStudio(workspace, { runQueue: false });
  const { runs } = studio.services;
  const broken = await until(
    () => runs.list({ limit: 10, offset: 0 }).rows.find((run) => run.id.startsWith('broken-')),
    'the broken row',
  );
  expect(broken).toMatchObject({ state: 'failed', error: { code: 'data-invalid' } });
  expect(broken.error?.message).toContain(broken.name);
  await until(() => runs.list({ limit: 10, offset: 0, trashed: true }).total === 1, 'the others');
  expect(runs.get(ids[1]!).step).toBe(16);
  await expect(runs.resume(broken.id)).rejects.toMatchObject({ code: 'conflict' });
});

test('lines of the event log that are no events are left out, and a torn last line waits for its end', async () => {
  const { workspace, ids, records, points } = await usedWorkspace();
  const events = join(records[0]!.folder, 'events.jsonl');
  const lines = readFileSync(events, 'utf8').trim().split('\n');
  writeFileSync(events, [...lines.slice(0, 5), '{"seq": nonsense', ...lines.slice(5), '{"seq": 999, "time'].join('\n'));
  rmSync(join(workspace, 'studio.db'));
  const studio = await openStudio(workspace, { runQueue: false });
  const { runs } = studio.services;
  await until(() => runs.list({ limit: 10, offset: 0 }).total === 2, 'the runs');
  await until(() => runs.get(ids[0]!).step === 16, 'the events');
  expect(runs.points({ id: ids[0]!, maxPoints: 1000 })).toEqual(points);
});

test('a run folder that is gone is gone from the list; deleting for ever removes the folder', async () => {
  const { workspace, ids, records } = await usedWorkspace();
  const studio = await openStudio(workspace, { runQueue: false });
  const { runs } = studio.services;
  rmSync(records[0]!.folder, { recursive: true });
  await until(() => runs.list({ limit: 10, offset: 0 }).total === 1, 'the row to be gone');
  await expect(runs.deleteForever([ids[2]!])).rejects.toMatchObject({ code: 'conflict' });
  await runs.deleteForever([ids[1]!]);
  expect(existsSync(records[1]!.folder)).toBe(false);
  expect(() => runs.get(ids[1]!)).toThrow('There is no run');
});
