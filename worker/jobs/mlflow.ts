/** Runs to a server of MLflow. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { MlflowCheck, MlflowPush, PushedRun } from '../../common/interop.ts';
import type { MlflowCheckConfig, MlflowPushConfig } from '../../common/jobs/interop.ts';
import { createdExperiment, foundExperiment } from '../../common/mlflow.ts';
import type { Job } from '../job.ts';
import { type MlflowClient, openMlflow } from '../mlflow/client.ts';
import { pushRun } from '../mlflow/push-run.ts';

/** What a push would meet with; nothing is changed there. */
export const mlflowCheckJob: Job<MlflowCheckConfig> = async (config, { report, wishes }) => {
  const client = openMlflow(config.server, process.env, wishes.signal);
  report({ type: 'progress', stage: `waiting for ${client.server}`, done: 0, total: null });
  const found = await findExperiment(client, config.experiment);
  const experiment = { name: config.experiment, state: found ? ('there' as const) : ('missing' as const) };
  const values = { server: client.server, version: await client.version(), experiment } satisfies MlflowCheck;
  report({ type: 'result', name: 'mlflow', values: { ...values }, protocol: {} });
  return 'finished';
};

export const mlflowPushJob: Job<MlflowPushConfig> = async (config, { report, wishes }) => {
  const { signal } = wishes;
  const client = openMlflow(config.server, process.env, signal);
  report({ type: 'progress', stage: `waiting for ${client.server}`, done: 0, total: null });
  const experiment = await experimentFor(client, config.experiment);
  const sizes = config.runs.map((folder) => eventBytes(folder));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const count = config.runs.length;
  const runs: PushedRun[] = [];
  let before = 0;
  for (const [index, folder] of config.runs.entries()) {
    const stage = count === 1 ? 'pushing to MLflow' : `pushing run ${index + 1} of ${count} to MLflow`;
    const onBytes = (end: number) => report({ type: 'progress', stage, done: Math.min(before + end, total), total });
    onBytes(0);
    runs.push(await pushRun(client, folder, { experiment, signal, onBytes }).catch(withCount(index, count)));
    before += sizes[index]!;
  }
  const values = { server: client.server, experiment, runs } satisfies MlflowPush;
  report({ type: 'result', name: 'mlflow', values: { ...values }, protocol: {} });
  return 'finished';
};

/** What went wrong, and how many were there before it. */
function withCount(done: number, count: number) {
  return (thrown: unknown): never => {
    if (!(thrown instanceof AppError) || count === 1) throw thrown;
    const there = `${done} of ${count} runs are there; pushed again, they are not sent twice.`;
    throw new AppError(thrown.code, thrown.message, {
      cure: [thrown.cure, there].filter(Boolean).join(' '),
      cause: thrown,
    });
  };
}

async function experimentFor(client: MlflowClient, name: string): Promise<MlflowPush['experiment']> {
  const found = await findExperiment(client, name);
  if (found) return { id: found, name, created: false };
  const made = await client.post('experiments/create', { name }, createdExperiment, { again: false });
  return { id: made.experiment_id, name, created: true };
}

async function findExperiment(client: MlflowClient, name: string): Promise<string | null> {
  const found = await client.get('experiments/get-by-name', { experiment_name: name }, foundExperiment);
  if (!found) return null;
  const { experiment_id: id, lifecycle_stage: stage } = found.experiment;
  if (stage === 'active') return id;
  throw new AppError('conflict', `The experiment "${name}" lies in the trash of ${client.server}.`, {
    cure: `Restore it there (mlflow experiments restore --experiment-id ${id}), or choose another name.`,
    field: 'experiment',
  });
}

function eventBytes(folder: string): number {
  return statSync(join(folder, 'events.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
}
