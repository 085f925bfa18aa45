/** What linear evaluation and transfer have in common: begun or gone on with, trained, recorded. */
import type { EvaluationConfig } from '../common/jobs/evaluation.ts';
import type { DatasetListing } from '../engine/datasets/list.ts';
import type { Schedule } from '../engine/optimizers/schedules.ts';
import { bestClassifier, type SavedClassifier } from './classifier-files.ts';
import { type ClassifierTask, earlierClassifier, trainClassifier } from './classifier-training.ts';
import { writeConfusion } from './confusion-file.ts';
import { type Evaluation, openEvaluation } from './evaluation.ts';
import type { Ending, JobContext } from './job.ts';

export interface ClassifierConfig extends EvaluationConfig {
  epochs: number;
  schedule: number[];
  momentum: number;
  weightDecay: number;
  learningRate: number;
  cropScaleMin: number;
}

export interface ClassifierRun {
  config: ClassifierConfig;
  context: JobContext;
  evaluation: Evaluation;
  schedule: Schedule;
  earlier: SavedClassifier | null;
  startedMs: number;
}

export async function openClassifierRun(
  config: ClassifierConfig,
  context: JobContext,
  milestoneFactor: number,
): Promise<ClassifierRun> {
  const startedMs = performance.now();
  const earlier = await earlierClassifier(context);
  const evaluation = await openEvaluation(config, context, {
    epoch: earlier?.progress.position.epoch ?? 0,
    step: earlier?.progress.step ?? 0,
    resumedFrom: earlier?.path ?? null,
    elapsedMs: earlier?.progress.elapsedMs ?? 0,
  });
  const { learningRate, epochs, schedule: milestones } = config;
  const schedule: Schedule = { learningRate, epochs, decay: { kind: 'step', milestones, factor: milestoneFactor } };
  return { config, context, evaluation, schedule, earlier, startedMs };
}

/** Trains, checks that a frozen backbone stayed what it was, and records `results/<name>.json`. */
export async function finishClassifier<State, Inputs>(
  name: string,
  { config, context, evaluation, earlier, startedMs }: ClassifierRun,
  task: ClassifierTask<State, Inputs>,
  {
    frozen,
    train,
    val,
    protocol,
  }: {
    frozen: boolean;
    train: DatasetListing;
    val: DatasetListing;
    protocol: Record<string, unknown>;
  },
): Promise<Ending> {
  const { ending, trained } = await trainClassifier(task, earlier, startedMs, context);
  if (!trained) return ending;
  if (frozen) {
    await evaluation.requireUnchanged();
    const message = 'The frozen backbone is bit for bit what the checkpoint holds.';
    context.report({ type: 'log', level: 'info', message });
  }
  const { perEpoch, best, labels, predicted } = trained;
  const last = perEpoch.at(-1)!;
  const { epochs, schedule, learningRate, momentum, weightDecay, batchSize, seed, cropScaleMin } = config;
  evaluation.record(
    name,
    {
      top1: last.top1,
      top5: last.top5,
      bestTop1: best.top1,
      bestEpoch: best.epoch,
      perEpoch,
      classes: task.classes.length,
      trainImages: task.images,
      valImages: labels.length,
      brokenValImages: val.files.length - labels.length,
      ...writeConfusion(context.folder, train.classes, labels, predicted),
      ...(frozen && { backboneUnchanged: true }),
      classifier: bestClassifier,
    },
    {
      ...protocol,
      optimizer: { learningRate, momentum, weightDecay, batchSize, epochs, milestones: schedule, seed },
      ...evaluation.protocol,
      ...(protocol.views === 'crops' && { cropScale: [cropScaleMin, 1] }),
    },
  );
  return ending;
}
