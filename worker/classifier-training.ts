/** Trains a classifier as a run that can be stopped and go on: the loop, the epochs' validation, the files. */

import type { EpochResult } from '../common/classifier.ts';
import { AppError } from '../common/errors.ts';
import type { JobEvent } from '../common/events.ts';
import type { NamedArray } from '../engine/models/layout.ts';
import type { Schedule } from '../engine/optimizers/schedules.ts';
import { tf } from '../engine/tf.ts';
import { atTheBeginning, type Batch, type StepContext, type TrainingPorts, train } from '../engine/train.ts';
import {
  bestClassifier,
  newestClassifier,
  readClassifier,
  type SavedClassifier,
  saveClassifier,
} from './classifier-files.ts';
import type { Ending, JobContext } from './job.ts';

/** What the classifier says of the validation images. */
export interface Validation {
  /** [n] */
  labels: Int32Array;
  /** [n, most]: the likeliest labels, the first one first. */
  likeliest: Int32Array;
  /** 5, or fewer where there are fewer classes. */
  most: number;
}

export interface ClassifierTask<State, Inputs> {
  classes: string[];
  epochs: number;
  batchSize: number;
  schedule: Schedule;
  /** Of training. */
  images: number;
  stepsPerEpoch: number;
  initialState(): State;
  stateToNamed(state: State): NamedArray[];
  stateFromNamed(arrays: NamedArray[]): State;
  batches(epoch: number, fromStep: number): AsyncIterable<Batch<Inputs>>;
  /** Consumes the state. */
  step(state: State, inputs: Inputs, context: StepContext): { state: State; measurements: Record<string, number> };
  /** Throws the signal's reason when aborted. */
  validate(state: State, onProgress: (done: number, total: number) => void): Promise<Validation>;
}

export interface TrainedClassifier {
  perEpoch: EpochResult[];
  best: EpochResult;
  /** Of the best epoch: [n] labels and what was predicted. */
  labels: Int32Array;
  predicted: Int32Array;
}

const predictedName = 'validation.predicted';
const labelsName = 'validation.labels';

/** The state of an earlier segment; a damaged one is reported, and training begins anew. */
export async function earlierClassifier({ folder, report }: JobContext): Promise<SavedClassifier | null> {
  try {
    return await readClassifier(folder, newestClassifier);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'checkpoint-invalid') throw thrown;
    report({ type: 'log', level: 'warning', message: `Training begins anew: ${thrown.message}` });
    return null;
  }
}

/** Trains to the end, or to a wish; only an ending of `finished` has a classifier. */
export async function trainClassifier<State, Inputs>(
  task: ClassifierTask<State, Inputs>,
  earlier: SavedClassifier | null,
  startedMs: number,
  context: JobContext,
): Promise<{ ending: Ending; trained: TrainedClassifier | null }> {
  const { folder, report, wishes } = context;
  const { epochs, stepsPerEpoch, batchSize, schedule, classes } = task;
  const totalSteps = epochs * stepsPerEpoch;
  report({ type: 'plan', epochs, stepsPerEpoch, totalSteps, images: task.images });
  if (!earlier) {
    report({ type: 'reference', series: 'step/loss', name: 'chance', value: Math.log(classes.length) });
    report({ type: 'reference', series: 'probe/top1', name: 'chance', value: 100 / classes.length });
  }
  let perEpoch = earlier?.progress.perEpoch ?? [];
  const elapsedMs = () => (earlier?.progress.elapsedMs ?? 0) + performance.now() - startedMs;

  const ports: TrainingPorts<State, Inputs> = {
    batches: task.batches,
    step: task.step,
    async *save(state, position, step) {
      const progress = { position, step, elapsedMs: elapsedMs(), perEpoch };
      await saveClassifier(folder, newestClassifier, task.stateToNamed(state), progress);
      yield { type: 'log', level: 'info', message: `saved the classifier after step ${step}` };
    },
    async *probe(state, epoch, step) {
      const onProgress = (done: number, total: number) =>
        report({ type: 'progress', stage: `validation after epoch ${epoch}`, done, total });
      const validation = await unlessAborted(task.validate(state, onProgress));
      if (!validation) return false;
      const result = { epoch, ...accuracies(validation) };
      const before = perEpoch.filter((other) => other.epoch < epoch);
      perEpoch = [...before, result];
      if (before.every(({ top1 }) => top1 < result.top1)) {
        const { labels } = validation;
        const arrays = [
          ...task.stateToNamed(state),
          { name: labelsName, shape: [labels.length], data: BigInt64Array.from(labels, BigInt) },
          { name: predictedName, shape: [labels.length], data: BigInt64Array.from(firstOf(validation), BigInt) },
        ];
        const position = { ...atTheBeginning, epoch };
        await saveClassifier(folder, bestClassifier, arrays, { position, step, elapsedMs: elapsedMs(), perEpoch });
      }
      const { top1, top5 } = result;
      yield { type: 'metrics', group: 'probe', epoch, step, values: { top1, top5 } };
      return true;
    },
    wish() {
      const wish = wishes.current();
      return wish && ({ stop: 'stopped', pause: 'paused', interrupt: 'interrupted' } as const)[wish];
    },
    now: () => performance.now(),
    footprint: () => ({ memoryMiB: Math.round(process.memoryUsage.rss() / 2 ** 20), tensors: tf.memory().numTensors }),
  };
  const start = earlier
    ? { state: task.stateFromNamed(earlier.arrays), position: earlier.progress.position }
    : { state: task.initialState(), position: atTheBeginning };
  const events = train({ epochs, stepsPerEpoch, batchSize, schedule, probeEvery: 1 }, start, ports);
  let next = await events.next();
  for (; !next.done; next = await events.next()) {
    refuseNotFinite(next.value);
    report(next.value);
  }
  return { ending: next.value, trained: next.value === 'finished' ? await bestOf(folder, perEpoch) : null };
}

async function bestOf(folder: string, perEpoch: EpochResult[]): Promise<TrainedClassifier> {
  const saved = await readClassifier(folder, bestClassifier);
  const whole = (name: string) => {
    const array = saved?.arrays.find((array) => array.name === name);
    if (!array) throw new AppError('checkpoint-invalid', `${folder}/${bestClassifier} is gone or damaged.`);
    return Int32Array.from(array.data as BigInt64Array, Number);
  };
  const best = perEpoch.reduce((best, other) => (other.top1 > best.top1 ? other : best));
  return { perEpoch, best, labels: whole(labelsName), predicted: whole(predictedName) };
}

function accuracies({ labels, likeliest, most }: Validation): { top1: number; top5: number } {
  let [first, five] = [0, 0];
  for (const [image, label] of labels.entries()) {
    const rank = likeliest.subarray(image * most, (image + 1) * most).indexOf(label);
    if (rank === 0) first++;
    if (rank >= 0) five++;
  }
  return { top1: (100 * first) / labels.length, top5: (100 * five) / labels.length };
}

function firstOf({ labels, likeliest, most }: Validation): Int32Array {
  return labels.map((_, image) => likeliest[image * most]!);
}

function refuseNotFinite(event: JobEvent): void {
  if (event.type !== 'metrics' || event.group !== 'step' || Number.isFinite(event.values.loss)) return;
  throw new AppError('job-failed', `The loss of step ${event.step} is ${event.values.loss}.`, {
    cure: 'Take a lower learning rate; if that does not help, the backbone gives features that are not numbers.',
  });
}

async function unlessAborted<Value>(promise: Promise<Value>): Promise<Value | null> {
  try {
    return await promise;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') return null;
    throw thrown;
  }
}
