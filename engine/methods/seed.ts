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
import { normaliseRows } from '../kernels/dense.ts';
import { replaceRows } from '../kernels/in-place.ts';
import { backbones } from '../models/index.ts';
import type { NamedArray } from '../models/layout.ts';
import { type Model, trainedSpecs } from '../models/model.ts';
import { contrastiveLogits } from '../objectives/info-nce.ts';
import { distillationLoss, meanEntropy, softTargets } from '../objectives/soft-cross-entropy.ts';
import { updateSgd } from '../optimizers/sgd.ts';
import { randomAt } from '../random.ts';
import { type Scalar, type Tensor1D, type Tensor2D, type Tensor4D, type Tensors, tf } from '../tf.ts';
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
>;

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
  /** Sees the student's logits and the teacher's targets, [n, 1 + K], before they are disposed. */
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

/** images [n, h, w, 3] -> the teacher's embeddings, [n, dim], rows of unit length. Run it inside a tidy. */
export function embedByTeacher({ model, parameters, buffers }: Teacher, images: Tensor4D): Tensor2D {
  return normaliseRows(model.forward(parameters, buffers, images, { training: false }).output);
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
  checkBatch(batch, config);
  const { patches } = batch;
  const view = target(teacher, config, state.queue, batch.view, batch.embeddings);
  const patch = patches && target(teacher, config, state.smallQueue!, patches);

  const address = [options.epoch, options.step];
  const dropout = (part: string) => options.dropout ?? randomAt(options.seed, `dropout/${part}`, ...address);
  const embed = (images: Tensor4D, buffers: Tensors, part: string) => {
    const forward = { training: true, bnSplits: config.bnSplits, dropout: dropout(part) };
    const result = model.forward(state.student.parameters, buffers, images, forward);
    return { embeddings: normaliseRows(result.output), buffers: result.buffers };
  };

  let buffers: Tensors = {};
  let measured: Tensor1D | undefined;
  const loss = () => {
    const seen = embed(batch.view, state.student.buffers, 'student');
    const logits = contrastiveLogits(seen.embeddings, view.embeddings, state.queue, config.temperature);
    options.inspect?.('view', logits, view.targets);
    const parts = [distillationLoss(logits, view.targets)];
    const entropies = [meanEntropy(view.targets)];
    buffers = seen.buffers;
    if (patch) {
      // The running statistics go on from those of the views, as after two batches.
      const small = embed(patches, seen.buffers, 'patches');
      const smallLogits = contrastiveLogits(small.embeddings, patch.embeddings, state.smallQueue!, config.temperature);
      options.inspect?.('patches', smallLogits, patch.targets);
      parts.push(distillationLoss(smallLogits, patch.targets));
      entropies.push(meanEntropy(patch.targets));
      tf.dispose(seen.buffers);
      buffers = small.buffers;
    }
    measured = tf.keep(measure(parts, entropies, logits, view, seen.embeddings));
    return tf.addN(parts) as Scalar;
  };
  const trained = trainedSpecs(model).map(({ name }) => name);
  const { value, grads } = tf.valueAndGrads(loss)(trained.map((name) => state.student.parameters[name]!));
  value.dispose();
  const gradients = Object.fromEntries(trained.map((name, index) => [name, grads[index]!]));
  const updated = updateSgd(state.student.parameters, state.momentum, gradients, {
    learningRate: options.learningRate,
    momentum: config.momentum,
    weightDecay: config.weightDecay,
  });
  tf.dispose(grads);

  const queue = replaceRows(state.queue, state.queuePointer, view.embeddings);
  const smallQueue = patch ? enqueueFirst(state.smallQueue!, state.queuePointer, patch.embeddings, count) : null;
  const measurements = readMeasurements(measured!, patch !== undefined);
  tf.dispose([view.embeddings, view.targets, measured!, state.student.buffers]);
  if (patch) tf.dispose([patch.embeddings, patch.targets]);
  return {
    state: {
      student: { parameters: updated.parameters, buffers },
      momentum: updated.buffers,
      queue,
      smallQueue,
      queuePointer: (state.queuePointer + count) % config.queueLength,
    },
    measurements,
  };
}

interface Target {
  /** The teacher's, [n, dim]. */
  embeddings: Tensor2D;
  /** [n, 1 + K]. */
  targets: Tensor2D;
}

/** What the teacher makes of images: both kept. */
function target(teacher: Teacher, config: SeedConfig, queue: Tensor2D, images: Tensor4D, known?: Tensor2D): Target {
  return tf.tidy(() => {
    const embeddings = known ? tf.clone(known) : embedByTeacher(teacher, images);
    const targets = softTargets(embeddings, queue, config.teacherTemperature);
    return { embeddings: tf.keep(embeddings), targets: tf.keep(targets) };
  });
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

function checkBatch({ view, patches }: SeedBatch, { queueLength, bnSplits, smallPatches }: SeedConfig): void {
  const [count] = view.shape;
  if (queueLength % count !== 0) {
    throw new AppError('config-invalid', `the queue length ${queueLength} is not a multiple of the batch of ${count}`, {
      field: 'queueLength',
      cure: `Take ${Math.max(1, Math.round(queueLength / count)) * count}, for example.`,
    });
  }
  if (count % bnSplits !== 0) {
    throw new AppError('config-invalid', `a batch of ${count} cannot be divided into ${bnSplits} equal groups`, {
      field: 'bnSplits',
      cure: 'Make the batch a multiple of the batch-norm groups.',
    });
  }
  if (smallPatches !== (patches !== undefined)) throw new Error('a batch has patches when, and only when, they are on');
}

/** Everything measured on the device, in one tensor, so that the step waits for it once. */
function measure(parts: Scalar[], entropies: Scalar[], logits: Tensor2D, target: Target, student: Tensor2D): Tensor1D {
  const loss = tf.addN(parts);
  const similarity = tf.mean(tf.sum(tf.mul(student, target.embeddings), 1));
  const same = tf.equal(tf.argMax(logits, 1), tf.argMax(target.targets, 1));
  const agreement = tf.mul(tf.mean(tf.cast(same, 'float32')), 100);
  const deviations = tf.sqrt(tf.moments(student, 0).variance); // [dim]
  const spread = tf.mul(tf.mean(deviations), Math.sqrt(student.shape[1]));
  return tf.stack([loss, tf.sub(loss, tf.addN(entropies)), similarity, agreement, spread, ...parts]) as Tensor1D;
}

function readMeasurements(measured: Tensor1D, withPatches: boolean): SeedMeasurements {
  const [loss, divergence, similarity, agreement, embeddingSpread, viewLoss, patchLoss] = measured.dataSync();
  return {
    loss: loss!,
    divergence: divergence!,
    similarity: similarity!,
    agreement: agreement!,
    embeddingSpread: embeddingSpread!,
    ...(withPatches && { viewLoss: viewLoss!, patchLoss: patchLoss! }),
  };
}
