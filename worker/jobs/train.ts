/** Contrastive training: MoCo's step for the training job. */
import type { TrainConfig } from '../../common/jobs/train.ts';
import { relativeDistance } from '../../engine/health/parameter-distance.ts';
import { createMoco, type Moco, type MocoState } from '../../engine/methods/moco.ts';
import type { Schedule } from '../../engine/optimizers/schedules.ts';
import { tf } from '../../engine/tf.ts';
import { openBackend } from '../backends.ts';
import { readGivenWeights } from '../checkpoints/foreign-training.ts';
import type { Choice } from '../checkpoints/recognise.ts';
import { transplantWeights } from '../checkpoints/training.ts';
import type { Job, JobContext } from '../job.ts';
import { openTrainingImages, viewPipelines } from '../training-images.ts';
import { runTraining, type TrainingMethod } from '../training-job.ts';
import { refuseWrongConfig } from './requirements.ts';

export const trainJob: Job<TrainConfig> = async (config, context) => {
  refuseWrongConfig(config, null);
  const backend = await openBackend(config.device);
  const images = await openTrainingImages(config, viewPipelines(config), context);
  try {
    refuseWrongConfig(config, images.count);
    return await runTraining('train', config, context, { backend, images, method: mocoMethod(config) });
  } finally {
    await images.loader.close();
  }
};

function mocoMethod(config: TrainConfig): TrainingMethod<MocoState> {
  const moco = createMoco(config);
  const { batchSize, imageSize, seed, queueLength } = config;
  const shape: [number, number, number, number] = [batchSize, imageSize, imageSize, 3];
  return {
    ...moco,
    trained: ({ query }) => query,
    step(state, { views: [query, key] }, { epoch, stepInEpoch, learningRate }) {
      const batch = { query: tf.tensor4d(query!, shape), key: tf.tensor4d(key!, shape) };
      const { state: next, measurements } = moco.step(state, batch, { epoch, step: stepInEpoch, learningRate, seed });
      tf.dispose([batch.query, batch.key]);
      return { state: next, measurements: { ...measurements } };
    },
    schedule: scheduleOf(config),
    about: {
      kind: 'moco',
      arch: config.arch,
      stem: config.stem,
      head: config.mlp,
      dim: config.embeddingDimension,
    },
    chance: {
      'step/loss': Math.log(1 + queueLength),
      'step/acc1': 100 / (1 + queueLength),
      'step/acc5': 500 / (1 + queueLength),
    },
    tryStep: (size) => tryStep(config, size),
    health: ({ query, key }) => ({ keyDrift: relativeDistance(query.parameters, key.parameters) }),
    results: ['loss', 'acc1', 'acc5'],
    name: 'moco',
    restart: config.restart ? (...given) => restarted(moco, seed, ...given) : undefined,
  };
}

/** On black images; the queue is as long as it can be for a batch of that size. */
export function tryStep(config: TrainConfig, batchSize: number): void {
  const { imageSize, queueLength, seed, learningRate } = config;
  const moco = createMoco({
    ...config,
    queueLength: Math.max(1, Math.floor(queueLength / batchSize)) * batchSize,
    accumulate: batchSize % config.accumulate === 0 ? config.accumulate : 1,
  });
  let state = moco.initialState(seed);
  const [query, key] = [0, 1].map(() => tf.zeros<tf.Rank.R4>([batchSize, imageSize, imageSize, 3]));
  try {
    state = moco.step(state, { query: query!, key: key! }, { learningRate, seed, epoch: 0, step: 0 }).state;
  } finally {
    moco.disposeState(state);
    tf.dispose([query!, key!]);
  }
}

/** `--restart`: the weights that fit, everything else fresh. */
async function restarted(
  moco: Moco,
  seed: number,
  path: string,
  choice: Choice,
  report: JobContext['report'],
): Promise<MocoState> {
  const fresh = moco.initialState(seed);
  const transplant = transplantWeights(moco.stateToNamed(fresh), await readGivenWeights(path, choice));
  moco.disposeState(fresh);
  for (const { name, why } of transplant.dropped) {
    report({ type: 'log', level: 'warning', message: `left out of the checkpoint: ${name} (${why})` });
  }
  return moco.stateFromNamed(transplant.arrays);
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
