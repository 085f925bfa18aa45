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
import type { TrainConfig } from '../../common/jobs/train.ts';
import { moveTowards, replaceRows } from '../kernels/in-place.ts';
import { backbones } from '../models/index.ts';
import type { NamedArray } from '../models/layout.ts';
import type { Model } from '../models/model.ts';
import { updateSgd } from '../optimizers/sgd.ts';
import { type Tensor2D, type Tensor4D, type Tensors, tf } from '../tf.ts';
import { adversarialViews, type ViewPair } from './adversarial-views.ts';
import { keyPass, queryPass } from './moco-passes.ts';
import { disposeState, initialState, type MocoState, stateFromNamed, stateToNamed } from './moco-state.ts';
import { allFinite, checkBatch } from './parts.ts';

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
> &
  Partial<Pick<TrainConfig, Variation>>;

/** What a plain MoCo step does without; absent: off. */
type Variation =
  | 'falseNegativeSimilarity'
  | 'adversarial'
  | 'adversarialSteps'
  | 'adversarialStepSize'
  | 'adversarialRadius'
  | 'accumulate'
  | 'notFinite';

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
  /** Percent of the queue that was left out as too similar to the key, where such are. */
  falseNegatives?: number;
  /** 1 where loss or gradients were not finite and nothing was changed, where such steps are skipped. */
  skipped?: number;
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
  const pass = { model, config, options };

  const names = Object.keys(state.query.parameters);
  const listed = (tensors: Tensors) => names.map((name) => tensors[name]!);
  const moved = moveTowards(listed(state.key.parameters), listed(state.query.parameters), config.keyMomentum);
  const keyEncoder = {
    parameters: Object.fromEntries(names.map((name, index) => [name, moved[index]!])),
    buffers: state.key.buffers,
  };
  const views = config.adversarial ? opposed(model, config, { query: state.query, key: keyEncoder }, batch) : batch;
  const { keys, buffers: keyBuffers } = keyPass(pass, keyEncoder, views.key);
  const { gradients, buffers, measurements } = queryPass(pass, state.query, views.query, keys, state.queue);
  if (views !== batch) tf.dispose([views.query, views.key]);

  if (config.notFinite === 'skip' && !(Number.isFinite(measurements.loss) && allFinite(Object.values(gradients)))) {
    tf.dispose([gradients, keys, buffers, keyBuffers]);
    return { state: { ...state, key: keyEncoder }, measurements: { ...measurements, skipped: 1 } };
  }
  const updated = updateSgd(state.query.parameters, state.momentum, gradients, {
    learningRate: options.learningRate,
    momentum: config.momentum,
    weightDecay: config.weightDecay,
  });
  const queue = replaceRows(state.queue, state.queuePointer, keys);
  tf.dispose([gradients, keys, state.query.buffers, state.key.buffers]);
  return {
    state: {
      query: { parameters: updated.parameters, buffers },
      key: { parameters: keyEncoder.parameters, buffers: keyBuffers },
      momentum: updated.buffers,
      queue,
      queuePointer: (state.queuePointer + count) % config.queueLength,
    },
    measurements: { ...measurements, ...(config.notFinite === 'skip' && { skipped: 0 }) },
  };
}

/** Adversarial views of a batch, part by part as it is computed. */
function opposed(model: Model, config: MocoConfig, encoders: Pick<MocoState, 'query' | 'key'>, batch: MocoBatch) {
  const { accumulate = 1, adversarialSteps = 5, adversarialStepSize = 0.008, adversarialRadius = 0.0157 } = config;
  const options = { steps: adversarialSteps, stepSize: adversarialStepSize, radius: adversarialRadius };
  return tf.tidy((): ViewPair => {
    const parts = (images: Tensor4D) => tf.split(images, accumulate) as Tensor4D[];
    const keys = parts(batch.key);
    const pairs = parts(batch.query).map((query, at) =>
      adversarialViews(model, encoders, { query, key: keys[at]! }, options),
    );
    return {
      query: tf.keep(tf.concat(pairs.map(({ query }) => query))),
      key: tf.keep(tf.concat(pairs.map(({ key }) => key))),
    };
  });
}
