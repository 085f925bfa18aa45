/**
 * Momentum Contrast (He et al. 2020, arXiv 1911.05722; v2: 2003.04297) as ssl-small trains it.
 *
 *     const moco = createMoco(config);               // config: the contrastive fields of a training job
 *     let state = moco.initialState(seed);           // or moco.stateFromNamed(arrays) from a checkpoint
 *     const done = moco.step(state, { query, key }, { learningRate, seed, epoch, step });
 *     state = done.state;                            // the old state is gone; done.measurements are plain numbers
 *     moco.stateToNamed(state);                      // arrays under PyTorch's names and layout, for a checkpoint
 *     moco.disposeState(state);
 *
 * Names: `encoder_q.*`, `encoder_k.*`, `queue` [dim, K], `queue_ptr` [1] and `optimizer.momentum_buffer.<parameter>`.
 * The views are the caller's: [n, h, w, 3] float32, normalised; the step does not dispose them.
 */
import { AppError } from '../../common/errors.ts';
import type { TrainConfig } from '../../common/jobs/train.ts';
import { normaliseRows } from '../kernels/dense.ts';
import { moveTowards, replaceRows } from '../kernels/in-place.ts';
import { backbones } from '../models/index.ts';
import type { NamedArray } from '../models/layout.ts';
import { type Model, trainedSpecs } from '../models/model.ts';
import { accuracyAt } from '../objectives/accuracy.ts';
import { contrastiveLogits, infoNce, positiveLabels } from '../objectives/info-nce.ts';
import { updateSgd } from '../optimizers/sgd.ts';
import { randomAt } from '../random.ts';
import { type Scalar, type Tensor1D, type Tensor2D, type Tensor4D, type Tensors, tf } from '../tf.ts';
import { disposeState, initialState, type MocoState, stateFromNamed, stateToNamed } from './moco-state.ts';

export type { MocoState } from './moco-state.ts';

export type MocoConfig = Pick<
  TrainConfig,
  | 'arch'
  | 'stem'
  | 'mlp'
  | 'embeddingDimension'
  | 'queueLength'
  | 'keyMomentum'
  | 'temperature'
  | 'bnSplits'
  | 'momentum'
  | 'weightDecay'
>;

/** Two views of each image, [n, h, w, 3]. */
export interface MocoBatch {
  query: Tensor4D;
  key: Tensor4D;
}

export interface StepOptions {
  learningRate: number;
  /** The address of this step's random draws (shuffle, dropout). */
  seed: number;
  epoch: number;
  /** Within the epoch. */
  step: number;
  /** `off`: nothing is dropped (to compare with numbers made without). */
  dropout?: 'off';
  /** Sees the logits [n, 1 + K] before they are disposed. */
  inspectLogits?: (logits: Tensor2D) => void;
}

/** What a step measures; every entry is logged. */
export interface MocoMeasurements {
  /** InfoNCE; ln(1 + K) is chance. */
  loss: number;
  /** Percent of queries whose own key is the nearest, and among the 5 nearest, of 1 + K. */
  acc1: number;
  acc5: number;
  /** Mean cosine similarity of the two views of an image, and of a query and the queue. */
  positiveSimilarity: number;
  negativeSimilarity: number;
  /** Deviation of the embeddings over the batch, mean over dimensions, times sqrt(dim): 1 is well spread, 0 collapsed. */
  embeddingSpread: number;
}

export type Moco = ReturnType<typeof createMoco>;

export function createMoco(config: MocoConfig) {
  const model = backbones[config.arch]({
    head: config.mlp,
    outputSize: config.embeddingDimension,
    stem: config.stem,
  });
  return {
    config,
    /** The encoder; both have its tensors. */
    model,

    /** Query and key encoder alike, drawn by name from the seed; a queue of random unit columns. */
    initialState: (seed: number) => initialState(model, config, seed),

    /** One optimisation step. Consumes the state: its tensors are gone afterwards, the new state stands in their place. */
    step: (state: MocoState, batch: MocoBatch, options: StepOptions) => step(model, config, state, batch, options),

    /** Copies of everything a checkpoint holds, in PyTorch's layout, parameters in the order of its state_dict. */
    stateToNamed: (state: MocoState) => stateToNamed(model, state),

    /** The state that such arrays hold. Throws `checkpoint-invalid` naming what is missing or has another shape. */
    stateFromNamed: (arrays: Iterable<NamedArray>) => stateFromNamed(model, config, arrays),

    disposeState,
  };
}

function step(
  model: Model,
  config: MocoConfig,
  state: MocoState,
  batch: MocoBatch,
  options: StepOptions,
): { state: MocoState; measurements: MocoMeasurements } {
  const [count] = batch.query.shape;
  checkBatch(count, config);
  const { bnSplits } = config;
  const address = [options.epoch, options.step];

  const names = Object.keys(state.query.parameters);
  const listed = (tensors: Tensors) => names.map((name) => tensors[name]!);
  const moved = moveTowards(listed(state.key.parameters), listed(state.query.parameters), config.keyMomentum);
  const keyParameters = Object.fromEntries(names.map((name, index) => [name, moved[index]!]));
  const [keys, keyBuffers] = tf.tidy(() => {
    const shuffle = randomAt(options.seed, 'shuffle', ...address).permutation(bnSplits > 1 ? count : 0);
    const images = bnSplits > 1 ? tf.gather(batch.key, tf.tensor1d(shuffle, 'int32')) : batch.key;
    const dropout = options.dropout ?? randomAt(options.seed, 'dropout/key', ...address);
    const result = model.forward(keyParameters, state.key.buffers, images, { training: true, bnSplits, dropout });
    const shuffled = normaliseRows(result.output);
    const keys = bnSplits > 1 ? tf.gather(shuffled, tf.tensor1d(invert(shuffle), 'int32')) : shuffled;
    return [tf.keep(keys), result.buffers]; // [n, dim]
  });

  let queryBuffers: Tensors = {};
  let measured: Tensor1D | undefined;
  const loss = () => {
    const dropout = options.dropout ?? randomAt(options.seed, 'dropout/query', ...address);
    const forward = { training: true, bnSplits, dropout };
    const result = model.forward(state.query.parameters, state.query.buffers, batch.query, forward);
    queryBuffers = result.buffers;
    const queries = normaliseRows(result.output); // [n, dim]
    const logits = contrastiveLogits(queries, keys, state.queue, config.temperature); // [n, 1 + K]
    options.inspectLogits?.(logits);
    const loss = infoNce(logits);
    measured = tf.keep(measure(loss, logits, queries, config.temperature));
    return loss;
  };
  const trained = trainedSpecs(model).map(({ name }) => name);
  const { value, grads } = tf.valueAndGrads(loss)(trained.map((name) => state.query.parameters[name]!));
  value.dispose();
  const gradients = Object.fromEntries(trained.map((name, index) => [name, grads[index]!]));
  const updated = updateSgd(state.query.parameters, state.momentum, gradients, {
    learningRate: options.learningRate,
    momentum: config.momentum,
    weightDecay: config.weightDecay,
  });
  tf.dispose(grads);

  const queue = replaceRows(state.queue, state.queuePointer, keys);
  const measurements = readMeasurements(measured!);
  tf.dispose([keys, measured!, state.query.buffers, state.key.buffers]);
  return {
    state: {
      query: { parameters: updated.parameters, buffers: queryBuffers },
      key: { parameters: keyParameters, buffers: keyBuffers },
      momentum: updated.buffers,
      queue,
      queuePointer: (state.queuePointer + count) % config.queueLength,
    },
    measurements,
  };
}

function checkBatch(count: number, { queueLength, bnSplits }: MocoConfig): void {
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
}

/** Everything measured on the device, in one tensor, so that the step waits for it once. */
function measure(loss: Scalar, logits: Tensor2D, queries: Tensor2D, temperature: number): Tensor1D {
  const [count, columns] = logits.shape;
  const [acc1, acc5] = accuracyAt(logits, positiveLabels(logits), [1, 5]);
  const positive = tf.mul(tf.mean(tf.slice(logits, [0, 0], [count, 1])), temperature);
  const negative = tf.mul(tf.mean(tf.slice(logits, [0, 1], [count, columns - 1])), temperature);
  const deviations = tf.sqrt(tf.moments(queries, 0).variance); // [dim]
  const spread = tf.mul(tf.mean(deviations), Math.sqrt(queries.shape[1]));
  return tf.stack([loss, acc1!, acc5!, positive, negative, spread]) as Tensor1D;
}

function readMeasurements(measured: Tensor1D): MocoMeasurements {
  const [loss, acc1, acc5, positiveSimilarity, negativeSimilarity, embeddingSpread] = measured.dataSync();
  return {
    loss: loss!,
    acc1: acc1!,
    acc5: acc5!,
    positiveSimilarity: positiveSimilarity!,
    negativeSimilarity: negativeSimilarity!,
    embeddingSpread: embeddingSpread!,
  };
}

/** The order that undoes a permutation. */
function invert(permutation: Int32Array): Int32Array {
  const inverse = new Int32Array(permutation.length);
  permutation.forEach((from, to) => {
    inverse[from] = to;
  });
  return inverse;
}
