/** Runs to a server of MLflow. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { MlflowPush, PushedRun } from '../../common/interop.ts';
import type { MlflowPushConfig } from '../../common/jobs/interop.ts';
import { createdExperiment, foundExperiment } from '../../common/mlflow.ts';
import type { Job } from '../job.ts';
import { type MlflowClient, openMlflow } from '../mlflow/client.ts';
import { pushRun } from '../mlflow/push-run.ts';

export const mlflowPushJob: Job<MlflowPushConfig> = async (config, { report, wishes }) => {
  const { signal } = wishes;
  const client = openMlflow(config.server, process.env, signal);
  report({ type: 'progress', stage: `waiting for ${client.server}`, done: 0, total: null });
  const experiment = await findExperiment(client, config.experiment);
  const sizes = config.runs.map((folder) => eventBytes(folder));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const runs: PushedRun[] = [];
  let before = 0;
  for (const [index, folder] of config.runs.entries()) {
    const onBytes = (end: number) =>
      report({ type: 'progress', stage: 'pushing to MLflow', done: Math.min(before + end, total), total });
    onBytes(0);
    runs.push(await pushRun(client, folder, { experiment, signal, onBytes }));
    before += sizes[index]!;
  }
  const values = { server: client.server, experiment, runs } satisfies MlflowPush;
  report({ type: 'result', name: 'mlflow', values: { ...values }, protocol: {} });
  return 'finished';
};

async function findExperiment(client: MlflowClient, name: string): Promise<MlflowPush['experiment']> {
  const found = await client.get('experiments/get-by-name', { experiment_name: name }, foundExperiment);
  if (!found) {
    const made = await client.post('experiments/create', { name }, createdExperiment, { again: false });
    return { id: made.experiment_id, name, created: true };
  }
  const { experiment_id: id, lifecycle_stage: stage } = found.experiment;
  if (stage === 'active') return { id, name, created: false };
  throw new AppError('conflict', `The experiment "${name}" lies in the trash of ${client.server}.`, {
    cure: `Restore it there (mlflow experiments restore --experiment-id ${id}), or choose another name.`,
    field: 'experiment',
  });
}

function eventBytes(folder: string): number {
  return statSync(join(folder, 'events.jsonl'), { throwIfNoEntry: false })?.size ?? 0;
}
