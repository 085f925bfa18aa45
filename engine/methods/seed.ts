/**
 * SEED (Fang et al. 2021, arXiv 2101.04731): a student learns to place an image among a queue of the teacher's embeddings
 * as the teacher places it. Both see the same view.
 *
 *     const seed = createSeed(config, teacher);      // teacher: a frozen net, the caller's to dispose
 *     let state = seed.initialState(1);              // or seed.stateFromNamed(arrays) from a checkpoint
 *     const done = seed.step(state, { view }, { learningRate, seed, epoch, step });
 *     state = done.state;                            // the old state is gone; done.measurements are plain numbers
 *     seed.disposeState(state);
 *
 * Names: `student.*`, `teacher.*`, `queue` [dim, K], `small_queue` [dim, K], `queue_ptr` [1] and
 * `optimizer.momentum_buffer.<parameter>`. Images are the caller's: [n, h, w, 3] float32, normalised; the step does not
 * dispose them. The teacher runs by its running statistics, so that an image's embedding depends on that image alone.
 */
import { AppError } from '../../common/errors.ts';
import type { DistillConfig } from '../../common/jobs/distill.ts';
import { replaceRows } from '../kernels/in-place.ts';
import { backbones } from '../models/index.ts';
import type { NamedArray } from '../models/layout.ts';
import type { Model } from '../models/model.ts';
import { updateSgd } from '../optimizers/sgd.ts';
import { type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import { allFinite, checkBatch } from './parts.ts';
import { distillationPass } from './seed-passes.ts';
import {
  disposeSeedState,
  initialSeedState,
  type SeedState,
  seedStateFromNamed,
  seedStateToNamed,
  type Teacher,
} from './seed-state.ts';

export type { SeedState, Teacher } from './seed-state.ts';

export type SeedConfig = Pick<
  DistillConfig,
  | 'arch'
  | 'stem'
  | 'studentMlp'
  | 'embeddingDimension'
  | 'queueLength'
  | 'temperature'
  | 'teacherTemperature'
  | 'smallPatches'
  | 'bnSplits'
  | 'momentum'
  | 'weightDecay'
> &
  Partial<Pick<DistillConfig, 'accumulate' | 'notFinite'>>;

export interface SeedBatch {
  /** A view of each image, [n, h, w, 3]. */
  view: Tensor4D;
  /** With small patches: p of each image, [n * p, h, w, 3], those of an image beside each other. */
  patches?: Tensor4D;
  /** The teacher's embeddings of the views where they are known already: [n, dim], rows of unit length. */
  embeddings?: Tensor2D;
}

export interface SeedStepOptions {
  learningRate: number;
  /** The address of this step's random draws (dropout). */
  seed: number;
  epoch: number;
  /** Within the epoch. */
  step: number;
  /** For comparisons with runs without it. */
  dropout?: 'off';
  /** Sees the student's logits and the teacher's targets, [n, 1 + K], before they are disposed: of each part in turn. */
  inspect?: (part: 'view' | 'patches', logits: Tensor2D, targets: Tensor2D) => void;
}

/** What a step measures; every entry is logged. */
export interface SeedMeasurements {
  /** Soft cross-entropy, of views and of patches in sum. A student that tells nothing apart has ln(1 + K) of each. */
  loss: number;
  /** What of the loss the student can still lower: without the entropy of the targets (Kullback-Leibler divergence). */
  divergence: number;
  /** Mean cosine similarity of the student's and the teacher's embedding of a view. */
  similarity: number;
  /** Percent of views that the student places nearest to what the teacher does, of 1 + K. */
  agreement: number;
  /** Deviation of the student's embeddings over the batch, mean over dimensions, times sqrt(dim): 0 is collapsed. */
  embeddingSpread: number;
  /** The parts of the loss; with small patches only. */
  viewLoss?: number;
  patchLoss?: number;
  /** 1 where loss or gradients were not finite and nothing was changed, where such steps are skipped. */
  skipped?: number;
}

export type Seed = ReturnType<typeof createSeed>;

export function createSeed(config: SeedConfig, teacher: Teacher) {
  const model = backbones[config.arch]({
    head: config.studentMlp ? 'simple' : 'none',
    outputSize: config.embeddingDimension,
    stem: config.stem,
  });
  checkTeacher(config, teacher);
  return {
    config,
    /** The student. */
    model,

    /** The student drawn by name from the seed; queues of random unit columns. */
    initialState: (seed: number) => initialSeedState(model, config, seed),

    /** One optimisation step. Consumes the state: its tensors are gone afterwards, the new state stands in their place. */
    step: (state: SeedState, batch: SeedBatch, options: SeedStepOptions) =>
      step(model, teacher, config, state, batch, options),

    /** Copies of everything a checkpoint holds, the teacher too, in PyTorch's layout. */
    stateToNamed: (state: SeedState) => seedStateToNamed(model, teacher, state),

    /** The state that such arrays hold; the teacher in them is passed over. */
    stateFromNamed: (arrays: Iterable<NamedArray>) => seedStateFromNamed(model, config, arrays),

    disposeState: disposeSeedState,
  };
}

function step(
  model: Model,
  teacher: Teacher,
  config: SeedConfig,
  state: SeedState,
  batch: SeedBatch,
  options: SeedStepOptions,
): { state: SeedState; measurements: SeedMeasurements } {
  const [count] = batch.view.shape;
  checkBatch(count, config);
  if (config.smallPatches !== (batch.patches !== undefined)) {
    throw new Error('a batch has patches when, and only when, they are on');
  }
  const pass = distillationPass({ model, teacher, config, options }, state, batch);
  const { gradients, buffers, embeddings, patchEmbeddings, measurements } = pass;

  if (config.notFinite === 'skip' && !(Number.isFinite(measurements.loss) && allFinite(Object.values(gradients)))) {
    tf.dispose([gradients, buffers, embeddings]);
    patchEmbeddings?.dispose();
    return { state, measurements: { ...measurements, skipped: 1 } };
  }
  const updated = updateSgd(state.student.parameters, state.momentum, gradients, {
    learningRate: options.learningRate,
    momentum: config.momentum,
    weightDecay: config.weightDecay,
  });
  const queue = replaceRows(state.queue, state.queuePointer, embeddings);
  const smallQueue = patchEmbeddings
    ? enqueueFirst(state.smallQueue!, state.queuePointer, patchEmbeddings, count)
    : null;
  tf.dispose([gradients, embeddings, state.student.buffers]);
  patchEmbeddings?.dispose();
  return {
    state: {
      student: { parameters: updated.parameters, buffers },
      momentum: updated.buffers,
      queue,
      smallQueue,
      queuePointer: (state.queuePointer + count) % config.queueLength,
    },
    measurements: { ...measurements, ...(config.notFinite === 'skip' && { skipped: 0 }) },
  };
}

/** Only the first patch of each image is queued. patches [n * p, dim] */
function enqueueFirst(queue: Tensor2D, pointer: number, patches: Tensor2D, images: number): Tensor2D {
  const first = tf.tidy(() => {
    const [rows, width] = patches.shape;
    const byImage = tf.reshape(patches, [images, rows / images, width]);
    return tf.reshape(tf.slice(byImage, [0, 0, 0], [images, 1, width]), [images, width]) as Tensor2D;
  });
  const updated = replaceRows(queue, pointer, first);
  first.dispose();
  return updated;
}

function checkTeacher({ embeddingDimension }: SeedConfig, { model }: Teacher): void {
  if (model.outputSize === embeddingDimension) return;
  throw new AppError(
    'config-invalid',
    `the teacher gives ${model.outputSize} numbers for an image, the student is to give ${embeddingDimension}`,
    { field: 'embeddingDimension', cure: `Take an embedding dimension of ${model.outputSize}.` },
  );
}
