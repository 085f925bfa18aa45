/** Contrastive training: what the loop of engine/train.ts needs, taken from files, threads and the machine. */
import { isAbsolute, join } from 'node:path';
import type { EventOf, JobEvent } from '../../common/events.ts';
import type { TrainConfig } from '../../common/jobs/train.ts';
import type { Baselines } from '../../common/records.ts';
import { createMoco, type Moco, type MocoState } from '../../engine/methods/moco.ts';
import type { Schedule } from '../../engine/optimizers/schedules.ts';
import { tf } from '../../engine/tf.ts';
import { type Position, type TrainingPorts, train } from '../../engine/train.ts';
import { openBackend } from '../backends.ts';
import { openRunCheckpoints, type RunCheckpoints } from '../checkpoints/run-checkpoints.ts';
import { recordEnvironment } from '../environment.ts';
import type { Ending, Job, JobContext } from '../job.ts';
import type { KnnProbe } from '../knn-probe.ts';
import { openTrainingImages, type TrainingImages } from '../training-images.ts';
import { measureBaselines, openTrainingProbe } from '../training-probe.ts';
import { startingPoint } from '../training-start.ts';
import { refuseWrongConfig } from './requirements.ts';

export const trainJob: Job<TrainConfig> = async (config, context) => {
  refuseWrongConfig(config, null);
  const backend = await openBackend(config.device);
  const images = await openTrainingImages(config, context);
  try {
    refuseWrongConfig(config, images.count);
    const probe = await openTrainingProbe(config, context);
    const moco = createMoco(config);
    const checkpoints = await openRunCheckpoints(context.folder, checkpointFolder(config, context), {
      last: config.keepLast,
      best: true,
      everyEpochs: config.keepEvery,
    });
    const start = await startingPoint(moco, config, checkpoints, context);

    const { stepsPerEpoch } = images.loader;
    const { epoch, stepInEpoch } = start.position;
    const environment = recordEnvironment(context.folder, backend, { data: config.data, images: images.count });
    context.report({
      type: 'segment',
      segment: context.segment,
      epoch,
      step: epoch * stepsPerEpoch + stepInEpoch,
      resumedFrom: start.from,
      environment: { ...environment },
    });
    context.report({
      type: 'plan',
      epochs: config.epochs,
      stepsPerEpoch,
      totalSteps: config.epochs * stepsPerEpoch,
      images: images.count,
    });
    const baselines = await measureBaselines(moco, config, start, probe, context);
    return await run(config, context, { moco, start, images, probe, checkpoints, baselines });
  } finally {
    await images.loader.close();
  }
};

interface Parts {
  moco: Moco;
  start: { state: MocoState; position: Position };
  images: TrainingImages;
  probe: KnnProbe | null;
  checkpoints: RunCheckpoints;
  baselines: Baselines | null;
}

async function run(config: TrainConfig, context: JobContext, parts: Parts): Promise<Ending> {
  const { loader } = parts.images;
  const plan = {
    epochs: config.epochs,
    stepsPerEpoch: loader.stepsPerEpoch,
    batchSize: config.batchSize,
    schedule: scheduleOf(config),
    probeEvery: parts.probe ? config.probeEvery : 0,
  };
  const events = train(plan, parts.start, trainingPorts(config, context, parts));
  const summary = startSummary();
  let next = await events.next();
  for (; !next.done; next = await events.next()) {
    summary.add(next.value);
    context.report(next.value);
  }
  if (next.value === 'finished') context.report(summary.result(config, parts));
  return next.value;
}

function trainingPorts(
  config: TrainConfig,
  context: JobContext,
  { moco, images, probe, checkpoints }: Parts,
): TrainingPorts<MocoState, Float32Array[]> {
  const { batchSize, imageSize, seed } = config;
  const shape: [number, number, number, number] = [batchSize, imageSize, imageSize, 3];
  return {
    async *batches(epoch, fromStep) {
      for await (const { views, waitedMs } of images.loader.epoch(epoch, { fromStep })) yield { views, waitedMs };
    },
    step(state, [query, key], { epoch, stepInEpoch, learningRate }) {
      const batch = { query: tf.tensor4d(query!, shape), key: tf.tensor4d(key!, shape) };
      const { state: next, measurements } = moco.step(state, batch, { epoch, step: stepInEpoch, learningRate, seed });
      tf.dispose([batch.query, batch.key]);
      return { state: next, measurements: { ...measurements } };
    },
    save: (state, position, step) =>
      checkpoints.save(moco.stateToNamed(state), {
        formatVersion: 1,
        kind: 'moco',
        arch: config.arch,
        stem: config.stem,
        head: config.mlp,
        imageSize,
        dim: config.embeddingDimension,
        ...position,
        step,
        seed,
        config,
      }),
    async *probe({ query }, epoch, step) {
      if (!probe) return true;
      const values = await unlessAborted(probe.measure(moco.model, query.parameters, query.buffers));
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

async function unlessAborted<Value>(promise: Promise<Value>): Promise<Value | null> {
  try {
    return await promise;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === 'AbortError') return null;
    throw thrown;
  }
}

/** The learning rate over a run of this config. */
export function scheduleOf(config: TrainConfig): Schedule {
  const { learningRate, epochs, warmupSteps } = config;
  return {
    learningRate,
    epochs,
    decay: config.cos
      ? { kind: 'cosine', per: config.cosinePerStep ? 'step' : 'epoch' }
      : { kind: 'step', milestones: config.schedule, factor: 0.1 },
    warmUp: warmupSteps > 0 ? { unit: 'step', length: warmupSteps } : undefined,
  };
}

function checkpointFolder({ checkpointFolder }: TrainConfig, { folder }: JobContext): string {
  if (checkpointFolder === '') return join(folder, 'checkpoints');
  return isAbsolute(checkpointFolder) ? checkpointFolder : join(process.cwd(), checkpointFolder);
}

/** What the whole run comes to: docs of the `train` verb. */
function startSummary() {
  let epoch: Record<string, number> = {};
  let knn: Record<string, number> | null = null;
  const rates: number[] = [];
  return {
    add(event: JobEvent) {
      if (event.type !== 'metrics') return;
      if (event.group === 'epoch') epoch = event.values;
      if (event.group === 'probe') knn = event.values;
      if (event.group === 'step' && rates.length < 1000) rates.push(event.values.imagesPerSecond!);
    },
    result(config: TrainConfig, { checkpoints, probe, baselines }: Parts): EventOf<'result'> {
      const sorted = rates.sort((a, b) => a - b);
      return {
        type: 'result',
        name: 'train',
        values: {
          epochs: config.epochs,
          loss: epoch.loss,
          acc1: epoch.acc1,
          acc5: epoch.acc5,
          checkpoints: checkpoints.kept(),
          imagesPerSecond: sorted[Math.floor(sorted.length / 2)] ?? null,
          knn: knn && {
            ...knn,
            untrained: baselines?.untrained.bestAccuracy,
            pixels: baselines?.pixels.bestAccuracy,
          },
        },
        protocol: { method: 'moco', ...(probe ? { knn: probe.protocol } : {}) },
      };
    },
  };
}
