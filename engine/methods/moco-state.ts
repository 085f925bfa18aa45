/** The state of a MoCo training: how it starts, and what of it goes into a checkpoint. */
import type { NamedArray } from '../models/layout.ts';
import { type Model, trainedSpecs } from '../models/model.ts';
import { type Tensor2D, type Tensors, tf } from '../tf.ts';
import {
  type Encoder,
  encoderToNamed,
  initialEncoder,
  initialQueue,
  momentumToNamed,
  namedReader,
  pointerToNamed,
  queueToNamed,
} from './named-state.ts';

/** All tensors are kept (safe from any tidy) and owned by the state. */
export interface MocoState {
  readonly query: Encoder;
  readonly key: Encoder;
  /** Momentum buffers by parameter; empty before the first step. */
  readonly momentum: Tensors;
  /** [K, dim], rows of unit length. */
  readonly queue: Tensor2D;
  /** The row that the next batch overwrites first. */
  readonly queuePointer: number;
}

interface QueueConfig {
  queueLength: number;
  embeddingDimension: number;
}

export function initialState(model: Model, config: QueueConfig, seed: number): MocoState {
  return {
    query: initialEncoder(model, seed),
    key: initialEncoder(model, seed),
    momentum: {},
    queue: initialQueue([config.queueLength, config.embeddingDimension], seed, 'initial/queue'),
    queuePointer: 0,
  };
}

const prefixes = { query: 'encoder_q.', key: 'encoder_k.' } as const;

export function stateToNamed(model: Model, state: MocoState): NamedArray[] {
  return [
    ...encoderToNamed(model, prefixes.query, state.query),
    ...encoderToNamed(model, prefixes.key, state.key),
    ...momentumToNamed(model, state.momentum),
    queueToNamed('queue', state.queue),
    pointerToNamed(state.queuePointer),
  ];
}

export function stateFromNamed(model: Model, config: QueueConfig, arrays: Iterable<NamedArray>): MocoState {
  const reader = namedReader(arrays);
  // Looked up as a whole before a tensor is made: nothing leaks if one is missing.
  const query = reader.encoder(model, prefixes.query);
  const key = reader.encoder(model, prefixes.key);
  const momentum = reader.momentum(trainedSpecs(model));
  const queue = reader.queue('queue', [config.embeddingDimension, config.queueLength]);
  const queuePointer = reader.pointer();
  return { query: query(), key: key(), momentum: momentum(), queue: queue(), queuePointer };
}

export function disposeState({ query, key, momentum, queue }: MocoState): void {
  tf.dispose([query.parameters, query.buffers, key.parameters, key.buffers, momentum, queue]);
}
