/** All that is done with a config before it becomes a run. */
import { resolve } from 'node:path';
import { typeIssues } from '../../common/config-issues.ts';
import { AppError } from '../../common/errors.ts';
import { fieldsOf } from '../../common/fields.ts';
import { distillConfig } from '../../common/jobs/distill.ts';
import { driftConfig } from '../../common/jobs/drift.ts';
import { embedConfig } from '../../common/jobs/embed.ts';
import { type JobKind, jobs } from '../../common/jobs/index.ts';
import { knnConfig } from '../../common/jobs/knn.ts';
import { linearConfig } from '../../common/jobs/linear.ts';
import { neighboursConfig } from '../../common/jobs/neighbours.ts';
import { projectConfig } from '../../common/jobs/project.ts';
import { instdiscConfig, statsConfig } from '../../common/jobs/static-views.ts';
import { trainConfig } from '../../common/jobs/train.ts';
import { transferConfig } from '../../common/jobs/transfer.ts';
import type { CostEstimate, Issue, LaunchCheck } from '../../common/launch.ts';
import { isActive, type LaunchedTask, runStates } from '../../common/records.ts';
import type { TaskUpdate } from '../../common/updates.ts';
import type { Store } from '../store/index.ts';
import {
  type CheckPorts,
  checkDistillation,
  checkDrift,
  checkEvaluation,
  checkTraining,
  checkTransfer,
  dataIssues,
} from './checks.ts';
import type { RecipeService } from './recipes.ts';
import type { TaskService } from './tasks.ts';

export type DryRunUpdate = TaskUpdate | { type: 'cost'; cost: CostEstimate };

export interface LaunchService {
  /** Every default of the kind with the recipe's values over them; fields without one (the data folder) are left out. */
  defaults(kind: JobKind, recipe?: string): Promise<Record<string, unknown>>;
  /** Against the machine and the data, not only its types. Never throws for a wrong config. */
  check(kind: JobKind, config: Record<string, unknown>): Promise<LaunchCheck>;
  dryRun(config: Record<string, unknown>): Promise<LaunchedTask>;
  watchDryRun(
    id: string,
    options: { afterSeq?: number; signal?: AbortSignal },
  ): AsyncGenerator<[seq: number, DryRunUpdate]>;
}

export interface LaunchPorts extends CheckPorts {
  store: Store;
  recipes: RecipeService;
  tasks: TaskService;
  deviceOf(config: Record<string, unknown>): string;
  /** A checkpoint by id or path, as a path; what is neither stays as it is. */
  locate(checkpoint: string): string;
}

export function createLaunchService(ports: LaunchPorts): LaunchService {
  async function check(kind: JobKind, config: Record<string, unknown>): Promise<LaunchCheck> {
    const parsed = jobs[kind].config.safeParse(config);
    if (!parsed.success) return { issues: typeIssues(kind, config), config: null, estimates: null };
    const resolved = withAbsolutePaths(kind, parsed.data, ports.locate);
    const { issues, estimates } = await checkAgainstMachine(kind, resolved);
    return { issues, config: resolved, estimates };
  }

  async function checkAgainstMachine(kind: JobKind, config: Record<string, unknown>) {
    if (kind === 'train' || kind === 'dry-run') return checkTraining(trainConfig.parse(config), ports);
    if (kind === 'distill') return checkDistillation(distillConfig.parse(config), ports);
    if (kind === 'linear') return checkEvaluation(linearConfig.parse(config), true, ports);
    if (kind === 'knn') return checkEvaluation(knnConfig.parse(config), true, ports);
    if (kind === 'embed') return checkEvaluation(embedConfig.parse(config), false, ports);
    if (kind === 'instdisc') return checkEvaluation(instdiscConfig.parse(config), false, ports);
    if (kind === 'stats') return checkEvaluation(statsConfig.parse(config), false, ports);
    if (kind === 'project') return checkEvaluation(projectConfig.parse(config), false, ports);
    if (kind === 'drift') return checkDrift(driftConfig.parse(config), ports);
    if (kind === 'neighbours') return checkEvaluation(neighboursConfig.parse(config), false, ports);
    if (kind === 'transfer') return checkTransfer(transferConfig.parse(config), ports);
    if ((kind === 'dataset-check' || kind === 'views') && typeof config.data === 'string') {
      return { issues: dataIssues('data', config.data, await ports.summarize(config.data)), estimates: null };
    }
    return { issues: [], estimates: null };
  }

  return {
    check,

    async defaults(kind, recipe) {
      const defaults = fieldsOf(jobs[kind].config)
        .filter((field) => field.default !== undefined)
        .map((field) => [field.key, field.default]);
      const values = recipe ? (await ports.recipes.get(recipe)).config : {};
      return { ...Object.fromEntries(defaults), ...values };
    },

    async dryRun(config) {
      const checked = await check('train', config);
      refuseErrors(checked.issues);
      const device = ports.deviceOf(checked.config ?? {});
      const busy = ports.store.runs
        .inStates(runStates.filter(isActive))
        .find((row) => ports.deviceOf(JSON.parse(row.config)) === device);
      if (busy) {
        throw new AppError(
          'conflict',
          `"${busy.name}" is running on the ${device}: what is measured beside it would be wrong.`,
          {
            cure: 'Wait for its end or pause it first.',
          },
        );
      }
      return ports.tasks.start('dry-run', checked.config ?? {});
    },

    async *watchDryRun(id, options) {
      const config = trainConfig.parse(ports.tasks.configOf(id));
      for await (const [seq, update] of ports.tasks.watch(id, options)) {
        yield [seq, update];
        if (update.type === 'result') yield [seq, { type: 'cost', cost: costOf(config.epochs, update.values) }];
      }
    },
  };
}

/** A run is repeated, resumed and read elsewhere: its paths must not depend on where the studio was started. */
function withAbsolutePaths(
  kind: JobKind,
  config: Record<string, unknown>,
  locate: LaunchPorts['locate'],
): Record<string, unknown> {
  const paths = fieldsOf(jobs[kind].config).filter(({ control }) => control !== undefined);
  const absolute = paths
    .filter(({ key }) => config[key])
    .map(({ key, control }) => {
      const path = String(config[key]);
      return [key, resolve(control === 'checkpoint' ? locate(path) : path)];
    });
  return { ...config, ...Object.fromEntries(absolute) };
}

/** Throws what the form would have shown, as one error. */
export function refuseErrors(issues: Issue[]) {
  const errors = issues.filter(({ level }) => level === 'error');
  const [first] = errors;
  if (!first) return;
  const cures = errors.map(({ fix }) => fix && `${fix.label}.`).filter(Boolean);
  throw new AppError('config-invalid', errors.map(({ message }) => message).join(' '), {
    field: first.field ?? undefined,
    cure: cures.join(' ') || undefined,
  });
}

function costOf(epochs: number, values: Record<string, unknown>): CostEstimate {
  const number = (name: string) => (typeof values[name] === 'number' ? values[name] : Number.NaN);
  const secondsPerStep = number('secondsPerStep');
  const steps = number('stepsPerEpoch') * epochs;
  const low = number('secondsPerStepLow') || secondsPerStep;
  const high = number('secondsPerStepHigh') || secondsPerStep;
  const total = steps * secondsPerStep;
  return {
    device: String(values.device ?? ''),
    imagesPerSecond: number('imagesPerSecond'),
    secondsPerStep,
    waitShare: number('waitShare'),
    peakMemoryMiB: number('peakMemoryMiB'),
    // Evaluations and checkpoints are not in the steps that were tried: room for them is left above.
    totalSeconds: Number.isFinite(total)
      ? { low: steps * low, expected: total, high: Math.max(steps * high, total * 1.15) }
      : null,
  };
}
