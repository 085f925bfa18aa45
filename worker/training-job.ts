/**
 * A training job of any method: what the loop of engine/train.ts needs, taken from files, threads and the machine. A
 * method says what its state is and how a step goes; everything around it is the same.
 */
import { isAbsolute, join } from 'node:path';
import type { CheckpointMetadata } from '../common/checkpoint-metadata.ts';
import type { EventOf, JobEvent } from '../common/events.ts';
import type { JobKind, TrainConfig } from '../common/jobs/index.ts';
import type { Baselines } from '../common/records.ts';
import { createHealthMonitor } from '../engine/health/monitor.ts';
import type { NamedArray } from '../engine/models/layout.ts';
import type { Model } from '../engine/models/model.ts';
import type { Schedule } from '../engine/optimizers/schedules.ts';
import { type Tensors, tf } from '../engine/tf.ts';
import { type Position, type StepContext, type TrainingPorts, train } from '../engine/train.ts';
import type { OpenedBackend } from './backends.ts';
import type { Choice } from './checkpoints/recognise.ts';
import { openRunCheckpoints, type RunCheckpoints } from './checkpoints/run-checkpoints.ts';
import { recordEnvironment } from './environment.ts';
import { firstNotFinite, healthStop, measureHealth } from './health.ts';
import type { Ending, JobContext } from './job.ts';
import type { KnnProbe } from './knn-probe.ts';
import { isOutOfMemory, outOfMemory } from './out-of-memory.ts';
import type { TrainingImages } from './training-images.ts';
import { measureBaselines, openTrainingProbe } from './training-probe.ts';
import { startingPoint } from './training-start.ts';

/** The settings that every kind of training has. */
export type TrainingConfig = Pick<
  TrainConfig,
  | 'data'
  | 'imageSize'
  | 'decode'
  | 'workers'
  | 'seed'
  | 'epochs'
  | 'startEpoch'
  | 'batchSize'
  | 'queueLength'
  | 'bnSplits'
  | 'probe'
  | 'probeEvery'
  | 'probeNeighbours'
  | 'probeFit'
  | 'probeLimit'
  | 'keepLast'
  | 'keepEvery'
  | 'checkpointFolder'
  | 'resume'
  | 'notFinite'
>;

/** Images of a step: for each view [batch, side, side, 3], normalised, and which pictures they show. */
export interface TrainingBatch {
  views: Float32Array[];
  indices: Int32Array;
}

export interface TrainingMethod<State> {
  /** The net that is trained: it is probed, and what evaluations take. */
  model: Model;
  trained(state: State): { parameters: Tensors; buffers: Tensors };
  initialState(seed: number): State;
  stateToNamed(state: State): NamedArray[];
  stateFromNamed(arrays: Iterable<NamedArray>): State;
  disposeState(state: State): void;
  /** One optimizer step; consumes the state. */
  step(
    state: State,
    batch: TrainingBatch,
    context: StepContext,
  ): { state: State; measurements: Record<string, number> };
  schedule: Schedule;
  /** What a checkpoint says about the state, beside the place in training. */
  about: Pick<CheckpointMetadata, 'kind' | 'arch' | 'stem' | 'head' | 'dim' | 'teacher'>;
  /** Levels that the steps' curves are read against: series and value at chance. */
  chance: Record<string, number>;
  /** One step on that many images, of a state of its own that is gone afterwards: whether it fits the memory. */
  tryStep?: (batchSize: number) => void;
  /** Measurements of the state beside those of its embeddings, at each probe. */
  health?: (state: State) => Record<string, number>;
  /** Measurements whose means over the last epoch are part of the result. */
  results: readonly string[];
  /** How the training is called in the protocol of its result. */
  name: string;
  /** The state of a checkpoint of something else, for a run that only takes weights from it; absent where that cannot be. */
  restart?: (path: string, choice: Choice, report: JobContext['report']) => Promise<State>;
}

/** Trains to the end, from wherever the run is. The caller opens the images and closes them. */
export async function runTraining<State>(
  kind: JobKind,
  config: TrainingConfig & Record<string, unknown>,
  context: JobContext,
  { backend, images, method }: { backend: OpenedBackend; images: TrainingImages; method: TrainingMethod<State> },
): Promise<Ending> {
  const probe = await openTrainingProbe(config, context);
  const checkpoints = await openRunCheckpoints(context.folder, checkpointFolder(config, context), {
    last: config.keepLast,
    best: true,
    everyEpochs: config.keepEvery,
  });
  const start = await startingPoint(method, config, checkpoints, context);

  const { stepsPerEpoch } = images.loader;
  const { epoch, stepInEpoch } = start.position;
  const environment = recordEnvironment(context.folder, backend, {
    data: config.data,
    images: images.count,
    dataSha256: await images.fingerprint(),
  });
  context.report({
    type: 'segment',
    segment: context.segment,
    epoch,
    step: epoch * stepsPerEpoch + stepInEpoch,
    resumedFrom: start.from,
    environment: { ...environment },
  });
  const monitor = createHealthMonitor({
    images: images.count,
    batchSize: config.batchSize,
    epochs: config.epochs,
    queueLength: config.queueLength,
    bnSplits: config.bnSplits,
    chanceLoss: method.chance['step/loss'] ?? Number.POSITIVE_INFINITY,
  });
  const report = (event: JobEvent) => {
    context.report(event);
    for (const alarm of monitor.observe(event)) {
      context.report(alarm);
      if (alarm.rule === 'not-finite' && (config.notFinite !== 'skip' || monitor.isStuck())) throw healthStop(alarm);
    }
  };
  // The size of the queue is told once, not at each segment.
  (context.segment === 0 ? report : context.report)({
    type: 'plan',
    epochs: config.epochs,
    stepsPerEpoch,
    totalSteps: config.epochs * stepsPerEpoch,
    images: images.count,
  });
  const baselines = await measureBaselines(method, config, start, probe, context);

  const plan = {
    epochs: config.epochs,
    stepsPerEpoch,
    batchSize: config.batchSize,
    schedule: method.schedule,
    probeEvery: config.probeEvery,
  };
  const parts: Parts<State> = { method, images, probe, checkpoints, baselines };
  const summary = startSummary();
  const events = train(plan, start, trainingPorts(config, context, parts));
  let next = await orOutOfMemory(events.next());
  for (; !next.done; next = await orOutOfMemory(events.next())) {
    summary.add(next.value);
    report(next.value);
  }
  if (next.value === 'finished') context.report(summary.result(kind, config, parts));
  return next.value;

  async function orOutOfMemory<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work;
    } catch (thrown) {
      if (!isOutOfMemory(thrown)) throw thrown;
      const { batchSize, bnSplits } = config;
      const tryStep = backend.name === 'native' ? method.tryStep : undefined;
      throw outOfMemory(thrown, { batchSize, bnSplits, tryStep }, context.report);
    }
  }
}

interface Parts<State> {
  method: TrainingMethod<State>;
  images: TrainingImages;
  probe: KnnProbe | null;
  checkpoints: RunCheckpoints;
  baselines: Baselines | null;
}

function trainingPorts<State>(
  config: TrainingConfig & Record<string, unknown>,
  context: JobContext,
  { method, images, probe, checkpoints }: Parts<State>,
): TrainingPorts<State, TrainingBatch> {
  return {
    async *batches(epoch, fromStep) {
      for await (const { views, indices, waitedMs } of images.loader.epoch(epoch, { fromStep })) {
        yield { views: { views, indices }, waitedMs };
      }
    },
    step: method.step,
    async *save(state, position, step) {
      const arrays = method.stateToNamed(state);
      const broken = firstNotFinite(arrays);
      if (broken !== undefined) {
        const message = `${broken} holds values that are not finite after step ${step - 1}.`;
        const cure = 'Take a lower learning rate or a warm-up, and go on from the last checkpoint.';
        const value = Number.NaN;
        const { epoch } = position;
        yield { type: 'alarm', rule: 'not-finite', epoch, step, value, threshold: null, message, cure };
        throw healthStop({ message, cure });
      }
      yield* checkpoints.save(arrays, metadataOf(method, config, position, step));
    },
    async *probe(state, epoch, step) {
      const { parameters, buffers } = method.trained(state);
      const net = { model: method.model, parameters, buffers };
      const health = await unlessAborted(measureHealth(images, config.imageSize, net, context.wishes.signal));
      if (!health) return false;
      yield { type: 'metrics', group: 'probe', epoch, step, values: { ...health, ...method.health?.(state) } };
      if (!probe) return true;
      const values = await unlessAborted(probe.measure(method.model, parameters, buffers));
      if (!values) return false;
      yield { type: 'metrics', group: 'probe', epoch, step, values };
      yield* checkpoints.judge(values.bestAccuracy!);
      return true;
    },
    wish() {
      const wish = context.wishes.current();
      return wish && ({ stop: 'stopped', pause: 'paused', interrupt: 'interrupted' } as const)[wish];
    },
    now: () => performance.now(),
    footprint: () => ({ memoryMiB: Math.round(process.memoryUsage.rss() / 2 ** 20), tensors: tf.memory().numTensors }),
  };
}

function metadataOf<State>(
  { about }: TrainingMethod<State>,
  config: TrainingConfig & Record<string, unknown>,
  position: Position,
  step: number,
): CheckpointMetadata {
  const { imageSize, seed } = config;
  return { formatVersion: 1, ...about, imageSize, ...position, step, seed, config };
}

async function unlessAborted<Value>(promise: Promise<Value>): Promise<Value | null> {
  try {
    return await promise;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') return null;
    throw thrown;
  }
}

export function checkpointFolder(
  { checkpointFolder }: Pick<TrainingConfig, 'checkpointFolder'>,
  { folder }: JobContext,
): string {
  if (checkpointFolder === '') return join(folder, 'checkpoints');
  return isAbsolute(checkpointFolder) ? checkpointFolder : join(process.cwd(), checkpointFolder);
}

/** What the whole run comes to: docs of its verb. */
function startSummary() {
  let epoch: Record<string, number> = {};
  let knn: Record<string, number> | null = null;
  const rates: number[] = [];
  return {
    add(event: JobEvent) {
      if (event.type !== 'metrics') return;
      if (event.group === 'epoch') epoch = event.values;
      if (event.group === 'probe' && 'bestAccuracy' in event.values) knn = event.values;
      if (event.group === 'step' && rates.length < 1000) rates.push(event.values.imagesPerSecond!);
    },
    result<State>(
      kind: JobKind,
      config: TrainingConfig,
      { method, checkpoints, probe, baselines }: Parts<State>,
    ): EventOf<'result'> {
      const sorted = rates.sort((a, b) => a - b);
      return {
        type: 'result',
        name: kind,
        values: {
          epochs: config.epochs,
          ...Object.fromEntries(method.results.map((name) => [name, epoch[name]])),
          checkpoints: checkpoints.kept(),
          imagesPerSecond: sorted[Math.floor(sorted.length / 2)] ?? null,
          knn: knn && {
            ...knn,
            untrained: baselines?.untrained.bestAccuracy,
            pixels: baselines?.pixels.bestAccuracy,
          },
        },
        protocol: { method: method.name, ...(probe ? { knn: probe.protocol } : {}) },
      };
    },
  };
}
