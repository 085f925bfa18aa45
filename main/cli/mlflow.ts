/** `contrast mlflow push`: runs to a server of MLflow. */
import type { Command } from 'commander';
import { AppError } from '../../common/errors.ts';
import type { MlflowPush } from '../../common/interop.ts';
import { mlflowPushConfig } from '../../common/jobs/interop.ts';
import { chosenFolders } from './export.ts';
import { runTask } from './interop.ts';
import { table } from './words.ts';

interface PushOptions {
  all?: boolean;
  server?: string;
  experiment?: string;
  workspace?: string;
  json?: boolean;
  quiet?: boolean;
}

export function addMlflow(program: Command): void {
  program
    .command('mlflow')
    .description('Runs on a server of MLflow')
    .command('push')
    .description('Send runs to a server of MLflow; again: only what is new since')
    .argument('[runs...]', 'ids of runs, or a filter: "arch = resnet18 and knn > 60"')
    .option('--all', 'all runs')
    .option('--server <url>', 'http://[user:password@]host:port; left out: MLFLOW_TRACKING_URI')
    .option('--experiment <name>', 'made if it is not there; left out: MLFLOW_EXPERIMENT_NAME, or "contrast-studio"')
    .option('--workspace <folder>', 'where runs and data are kept')
    .option('--json', 'print the result as one JSON object')
    .option('--quiet', 'say nothing while it goes on')
    .action(push);
}

async function push(words: string[], options: PushOptions): Promise<void> {
  const server = withoutUser(options.server ?? process.env.MLFLOW_TRACKING_URI ?? '');
  const experiment = options.experiment ?? process.env.MLFLOW_EXPERIMENT_NAME;
  const runs = await chosenFolders(words, options);
  const config = mlflowPushConfig.safeParse({ server, runs, ...(experiment && { experiment }) });
  if (!config.success) {
    throw new AppError('usage', `The experiment "${experiment}" has a name that MLflow does not take.`, {
      cure: 'Choose one of at most 500 characters with --experiment.',
    });
  }
  await runTask('mlflow-push', config.data, options, (said) => pushWords(said as unknown as MlflowPush));
}

/** A password has no business in the file of a job: user and password go to the worker by its environment. */
function withoutUser(server: string): string {
  if (server === '') {
    throw new AppError('usage', 'Which server of MLflow is meant is not said.', {
      cure: 'Give its address with --server http://host:port, or in MLFLOW_TRACKING_URI.',
    });
  }
  const url = URL.parse(server);
  if (!url?.username) return server;
  process.env.MLFLOW_TRACKING_USERNAME = decodeURIComponent(url.username);
  process.env.MLFLOW_TRACKING_PASSWORD = decodeURIComponent(url.password);
  url.username = '';
  url.password = '';
  return url.href;
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
