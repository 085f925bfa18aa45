/** `contrast mlflow`: runs to a server of MLflow. */
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import type { MlflowCheck, MlflowPush } from '../../common/interop.ts';
import { mlflowCheckConfig } from '../../common/jobs/interop.ts';
import { mlflowAddress } from '../../common/mlflow.ts';
import { chosenFolders } from './export.ts';
import { runTask, type TaskOptions } from './task.ts';
import { table } from './words.ts';

interface ServerOptions extends TaskOptions {
  server?: string;
  experiment?: string;
}

export function addMlflow(program: Command): void {
  const mlflow = program.command('mlflow').description('Runs on a server of MLflow');
  verb(mlflow, 'push', 'Send runs to a server of MLflow; again: only what is new since')
    .argument('[runs...]', 'ids of runs, or a filter: "arch = resnet18 and knn > 60"')
    .option('--all', 'all runs')
    .action(push);
  verb(mlflow, 'check', 'Ask a server of MLflow whether runs can be pushed to it; nothing is changed there').action(
    async (options: ServerOptions) => {
      await runTask('mlflow-check', target(options), options, (said) => checkWords(said as unknown as MlflowCheck));
    },
  );
}

function verb(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option('--server <url>', 'http://[user:password@]host:port; left out: MLFLOW_TRACKING_URI')
    .option('--experiment <name>', 'made if it is not there; left out: MLFLOW_EXPERIMENT_NAME, or "contrast-studio"')
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'say nothing while it goes on');
}

async function push(words: string[], options: ServerOptions & { all?: boolean }): Promise<void> {
  const where = target(options);
  const runs = await chosenFolders(words, options);
  await runTask('mlflow-push', { ...where, runs }, options, (said) => pushWords(said as unknown as MlflowPush));
}

function target(options: ServerOptions) {
  const server = withoutUser(options.server ?? process.env.MLFLOW_TRACKING_URI ?? '');
  const experiment = options.experiment ?? process.env.MLFLOW_EXPERIMENT_NAME;
  const config = mlflowCheckConfig.safeParse({ server, ...(experiment && { experiment }) });
  if (config.success) return config.data;
  throw new AppError('usage', `The experiment "${experiment}" has a name that MLflow does not take.`, {
    cure: 'Choose one of at most 500 characters with --experiment.',
  });
}

/** A password has no business in the file of a job: user and password go to the worker by its environment. */
function withoutUser(address: string): string {
  if (address === '') {
    throw new AppError('usage', 'Which server of MLflow is meant is not said.', {
      cure: 'Give its address with --server http://host:port, or in MLFLOW_TRACKING_URI.',
    });
  }
  const { server, user } = mlflowAddress(address);
  if (user) {
    process.env.MLFLOW_TRACKING_USERNAME = user.name;
    process.env.MLFLOW_TRACKING_PASSWORD = user.password;
  }
  return server;
}

function checkWords({ server, version, experiment }: MlflowCheck): string {
  const there = experiment.state === 'there' ? 'is there' : 'will be made';
  return `${server} answers${version === null ? '' : ` (MLflow ${version})`}; the experiment "${experiment.name}" ${there}.`;
}

function pushWords({ server, experiment, runs }: MlflowPush): string {
  const rows = runs.map(({ id, name, mlflowRun, created, points }) => [
    ...[id, name, mlflowRun, created ? 'new' : points > 0 ? 'brought up to date' : 'as it was', String(points)],
  ]);
  const remarks = runs.flatMap(({ name, remarks }) => remarks.map((remark) => `${name}: ${remark}`));
  return [
    table(['run', 'name', 'MLflow run', 'state', 'new points'], rows),
    ...remarks,
    `${server}/#/experiments/${experiment.id} (${experiment.name}${experiment.created ? ', new' : ''})`,
  ].join('\n');
}
