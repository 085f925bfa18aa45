import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseFilter } from '../../../common/filter/filter.ts';
import { filterableRun, runFields } from '../../../common/filter/run-fields.ts';
import { makeData, openStudio, temporaryFolder, trainConfigFor, untilState } from '../../support/studio.ts';

const timeout = 300_000;

async function heldStudio() {
  const workspace = temporaryFolder();
  const config = trainConfigFor(makeData(workspace, { epochs: 2, stepsPerEpoch: 8, stepMs: 5 }));
  const studio = await openStudio(workspace);
  studio.services.queue.hold();
  return { studio, config };
}

const rates = { field: 'lr', values: '0.001, 0.06' };

test('the plan says what each run and all of them cost, and queues nothing', { timeout }, async () => {
  const { studio, config } = await heldStudio();
  const { sweeps, runs } = studio.services;
  const request = {
    kind: 'train' as const,
    config,
    variations: [rates, { field: 'epochs', values: '2, 4' }],
    seeds: 3,
  };
  const plan = await sweeps.plan({ ...request, name: 'Small', measured: { config, secondsPerStep: 0.5 } });
  expect(plan.runs).toHaveLength(2 * 2 * 3);
  expect(plan.runs[3]).toMatchObject({ name: 'Small · lr 0.001, epochs 2→4, seed 0', issues: [] });

  // Each alone, as the launch form reckons it: 64 images in batches of 8.
  const { estimates } = await studio.services.launch.check('train', config);
  expect(estimates?.totalSteps).toBe(2 * 8);
  expect(plan.runs[0]).toMatchObject({ totalSteps: 16, seconds: 8, diskBytes: estimates?.diskBytes });
  expect(plan).toMatchObject({ totalSteps: 6 * (16 + 32), timedRuns: 12, seconds: 6 * (8 + 16) });
  expect(plan.diskBytes).toBe(plan.runs.reduce((sum, run) => sum + run.diskBytes!, 0));
  expect(runs.list({ limit: 10, offset: 0 }).total).toBe(0);

  const unknown = await sweeps.plan({ ...request, variations: [{ field: 'batchSize', values: '8, 16' }], seeds: 1 });
  expect(unknown).toMatchObject({ timedRuns: 0, seconds: 0 });
});

test('runs of a sweep are queued in order, named by what differs, found by its id', { timeout }, async () => {
  const { studio, config } = await heldStudio();
  const { sweeps, queue, runs } = studio.services;
  const request = { kind: 'train' as const, config, variations: [rates], seeds: 2 };
  const { sweep, runs: queued } = await sweeps.launch(request);
  expect(queued.map(({ name }) => name)).toEqual([
    'Contrastive training: data · lr 0.001, seed 0',
    'Contrastive training: data · lr 0.001, seed 1',
    'Contrastive training: data · lr 0.001→0.06, seed 0',
    'Contrastive training: data · lr 0.001→0.06, seed 1',
  ]);
  expect(queued.map((run) => [run.config.learningRate, run.config.seed, run.sweep])).toEqual([
    [0.001, 0, sweep],
    [0.001, 1, sweep],
    [0.06, 0, sweep],
    [0.06, 1, sweep],
  ]);
  expect(queue.list().order).toEqual(queued.map(({ id }) => id));
  expect(JSON.parse(readFileSync(join(queued[0]!.folder, 'config.json'), 'utf8')).sweep).toBe(sweep);

  const other = await runs.launch({ kind: 'train', config, name: 'other' });
  const { rows } = runs.list({ limit: 100, offset: 0 });
  const { matches } = parseFilter(`sweep = ${sweep} and seed = 1`, runFields(rows));
  const found = rows.filter((run) => matches(filterableRun(run))).map(({ id }) => id);
  expect(found.sort()).toEqual([queued[1]!.id, queued[3]!.id].sort());
  expect(runs.get(other.id).sweep).toBeNull();

  // The pace of one that has finished is that of the others: they differ by nothing that costs.
  await queue.remove([...queued.slice(1).map(({ id }) => id), other.id]);
  queue.release();
  const done = await untilState(studio, queued[0]!.id, 'finished');
  const seconds = (Date.parse(done.endedAt!) - Date.parse(done.startedAt!)) / 1000;
  const plan = await sweeps.plan(request);
  expect(plan.timedRuns).toBe(4);
  expect(plan.runs[3]!.seconds).toBeCloseTo((seconds / done.step) * 16, 9);
});

test('an error in one run queues none; many runs are queued only by who confirms them', { timeout }, async () => {
  const { studio, config } = await heldStudio();
  const { sweeps, queue } = studio.services;
  const request = {
    kind: 'train' as const,
    config,
    variations: [{ field: 'batchSize', values: '8, 100000' }],
    seeds: 1,
  };
  expect((await sweeps.plan(request)).runs[1]!.issues.some(({ level }) => level === 'error')).toBe(true);
  await expect(sweeps.launch(request)).rejects.toMatchObject({ code: 'config-invalid' });
  await expect(sweeps.launch({ ...request, variations: [], seeds: 51 })).rejects.toThrow('The sweep has 51 runs');
  expect(queue.list().order).toEqual([]);
});
