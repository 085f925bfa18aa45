/** A push to MLflow itself, read back by its REST interface. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { MlflowCheck, MlflowPush } from '../../../common/interop.ts';
import { openRunLog } from '../../../worker/run-log.ts';
import { runJob } from '../../support/job-run.ts';
import { trainingEvents, writeFinishedRun } from '../../support/run-folders.ts';
import { seriesOf } from '../../support/worker-run.ts';

const mlflow = process.env.CONTRAST_MLFLOW ?? '';
const missing = whyMissing();

function whyMissing(): string | undefined {
  if (mlflow === '') return "CONTRAST_MLFLOW names no executable of MLflow (a virtual environment's bin/mlflow)";
  try {
    execFileSync(mlflow, ['--version'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return `${mlflow} does not run`;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

async function startMlflow(folder: string): Promise<string> {
  const port = await freePort();
  const words = ['server', '--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`];
  const more = ['--default-artifact-root', join(folder, 'artifacts'), '--workers', '1'];
  const child = spawn(mlflow, [...words, ...more, '--host', '127.0.0.1', '--port', String(port)], {
    detached: true, // its workers are of its group, and end with it
    stdio: 'ignore',
  });
  onTestFinished(() => endGroup(child));
  const server = `http://127.0.0.1:${port}`;
  for (;;) {
    const health = await fetch(`${server}/health`).catch(() => null);
    if (health?.ok) return server;
    if (child.exitCode !== null) throw new Error(`mlflow server ended with ${child.exitCode}`);
    await sleep(200);
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
  await ended;
}

interface StoredRun {
  info: { status: string; run_name: string; start_time: number; end_time: number };
  data: Record<'params' | 'tags', { key: string; value: string }[]>;
}

interface History {
  metrics?: { key: string; value: number | string; timestamp: number; step: number }[];
  next_page_token?: string;
}

test.skipIf(missing)(`MLflow has what was measured, once ${missing ?? ''}`, { timeout: 300_000 }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'contrast-mlflow-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));
  const server = await startMlflow(root);
  const ask = async (path: string) => (await fetch(`${server}/api/2.0/mlflow/${path}`)).json();
  const history = async (run: string, key: string) => {
    const found: NonNullable<History['metrics']> = [];
    for (let token = ''; ; ) {
      const query = new URLSearchParams({ run_id: run, metric_key: key, ...(token && { page_token: token }) });
      const page = (await ask(`metrics/get-history?${query}`)) as History;
      found.push(...(page.metrics ?? []));
      token = page.next_page_token ?? '';
      if (token === '') return found;
    }
  };

  const special = new Map([
    [3, Number.NaN],
    [4, Number.POSITIVE_INFINITY],
    [5, Number.NEGATIVE_INFINITY],
  ]);
  const loss = (step: number) => special.get(step) ?? 4 - step / 1000;
  const folder = writeFinishedRun(root, {
    ...{
      id: 'abcdefgh',
      name: 'Demo',
      config: { data: '/somewhere/demo', seed: 1, long: 'x'.repeat(7000), list: [1] },
    },
    events: [
      ...trainingEvents({ epochs: 2, stepsPerEpoch: 600, knn: (epoch) => 50 + epoch, loss }),
      { type: 'reference', series: 'probe/bestAccuracy', name: 'raw pixels', value: 35 },
      {
        ...{ type: 'result', name: 'knn' },
        values: { bestAccuracy: 14.8, accuracyByK: { 1: 14.8, 3: 11 }, confusion: 'results/confusion.json' },
        protocol: { measure: 'best-NN', space: 'original', maxNeighbours: 3, seed: 5 },
      },
    ],
  });
  const label = { name: 'Demo, renamed', trashedAt: null, tags: ['paper', 'ü'], note: 'A **note**.' };
  writeFileSync(join(folder, 'label.json'), JSON.stringify(label));
  const push = async (stopAt?: Parameters<typeof runJob>[3]) => {
    const config = { server: `${server}/`, experiment: 'of a test', runs: [folder] };
    return (await runJob('mlflow-push', join(root, 'task'), config, stopAt)).values as unknown as MlflowPush;
  };

  const check = async () => {
    const config = { server, experiment: 'of a test' };
    return (await runJob('mlflow-check', join(root, 'task'), config)).values as unknown as MlflowCheck;
  };
  const version = execFileSync(mlflow, ['--version'], { encoding: 'utf8' }).trim().split(' ').at(-1);
  expect(await check()).toEqual({ server, version, experiment: { name: 'of a test', state: 'missing' } });

  const broken = push((event) => event.type === 'progress' && event.done > 0);
  await expect(broken).rejects.toMatchObject({ name: 'AbortError' });
  expect((await check()).experiment.state).toBe('there');
  const first = await push();
  const [pushed] = first.runs;
  const atOnce = 998;
  expect(pushed).toMatchObject({ created: false, points: 1200 + 2 + 2 * 2 + 1 + 3 - atOnce, name: label.name });
  expect(pushed!.remarks).toEqual(['parameter long has 7000 characters, MLflow takes 6000: shortened']);
  const id = pushed!.mlflowRun;
  const read = async () => ((await ask(`runs/get?run_id=${id}`)) as { run: StoredRun }).run;
  const { info, data } = await read();
  const tags = Object.fromEntries(data.tags.map(({ key, value }) => [key, value]));
  const params = Object.fromEntries(data.params.map(({ key, value }) => [key, value]));
  expect(info).toMatchObject({ status: 'FINISHED', run_name: label.name });
  expect(info.end_time).toBeGreaterThanOrEqual(info.start_time);
  expect(params).toMatchObject({ data: '/somewhere/demo', seed: '1', list: '[1]' });
  expect(params.long).toHaveLength(6000);
  expect(tags).toMatchObject({
    ...{ 'contrast.run_id': 'abcdefgh', 'contrast.tags': 'paper, ü', 'mlflow.note.content': label.note },
    'contrast.state': 'finished',
  });
  const steps = await history(id, 'step/loss');
  // As the SQL store of MLflow keeps what SQL cannot: the greatest double for infinity.
  const kept = (value: number) =>
    Number.isNaN(value) ? 'NaN' : Math.sign(value) * Math.min(Math.abs(value), Number.MAX_VALUE);
  expect(new Map(steps.map(({ step, value }) => [step, value]))).toEqual(
    new Map([...seriesOf(folder, 'step', 'loss')].map(([step, value]) => [step + 1, kept(value)])),
  );
  expect(steps).toHaveLength(1200);
  expect(await history(id, 'probe/bestAccuracy')).toMatchObject([
    { step: 600, value: 51 },
    { step: 1200, value: 52 },
  ]);
  const protocol = 'best-NN space original max neighbours 3 data demo';
  expect(await history(id, `knn/bestAccuracy ${protocol}`)).toMatchObject([{ step: 1200, value: 14.8 }]);
  expect(await history(id, `knn/accuracyByK/3 ${protocol}`)).toMatchObject([{ value: 11 }]);

  expect(await push()).toMatchObject({
    experiment: { id: first.experiment.id, created: false },
    runs: [{ mlflowRun: id, created: false, points: 0 }],
  });
  expect(await history(id, 'step/loss')).toHaveLength(1200);

  // It goes on from a checkpoint before its last step, and fails.
  const later = openRunLog(folder);
  const at = { epoch: 1, step: 1199 };
  later.record({ type: 'segment', segment: 1, ...at, resumedFrom: 'checkpoints/x', environment: {} });
  later.record({ type: 'metrics', group: 'step', ...at, values: { loss: 2.5 } });
  later.record({ type: 'metrics', group: 'step', epoch: 2, step: 1200, values: { loss: 2.25 } });
  later.record({ type: 'ended', state: 'failed' });
  later.setState('failed', { pid: null, processStart: null });
  later.close();
  const [again] = (await push()).runs;
  expect(again).toMatchObject({ mlflowRun: id, points: 2 });
  expect(again!.remarks.at(-1)).toMatch(/^1 points lie at steps that had been pushed/);
  expect((await read()).info.status).toBe('FAILED');
  expect((await history(id, 'step/loss')).slice(-1)).toMatchObject([{ step: 1201, value: 2.25 }]);
  const { runs } = (await (
    await fetch(`${server}/api/2.0/mlflow/runs/search`, {
      method: 'POST',
      body: JSON.stringify({ experiment_ids: [first.experiment.id] }),
      headers: { 'content-type': 'application/json' },
    })
  ).json()) as { runs: unknown[] };
  expect(runs).toHaveLength(1);
});
