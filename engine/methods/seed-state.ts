/** The state of a distillation: how it starts, and what of it goes into a checkpoint. */
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

/** A frozen net and its head; [n, dim] outputs, which the step brings to unit length. */
export interface Teacher extends Encoder {
  readonly model: Model;
}

/** All tensors are kept (safe from any tidy) and owned by the state. The teacher is not part of it: it never changes. */
export interface SeedState {
  readonly student: Encoder;
  /** Momentum buffers by parameter; empty before the first step. */
  readonly momentum: Tensors;
  /** The teacher's embeddings of earlier views, [K, dim], rows of unit length. */
  readonly queue: Tensor2D;
  /** Of earlier small patches, [K, dim]; null without them. */
  readonly smallQueue: Tensor2D | null;
  /** The row that the next batch overwrites first, in both queues. */
  readonly queuePointer: number;
}

export interface SeedStateConfig {
  queueLength: number;
  embeddingDimension: number;
  smallPatches: boolean;
}

export function initialSeedState(student: Model, config: SeedStateConfig, seed: number): SeedState {
  const { queueLength, embeddingDimension, smallPatches } = config;
  return {
    student: initialEncoder(student, seed),
    momentum: {},
    queue: initialQueue([queueLength, embeddingDimension], seed, 'initial/queue'),
    smallQueue: smallPatches ? initialQueue([queueLength, embeddingDimension], seed, 'initial/small-queue') : null,
    queuePointer: 0,
  };
}

const prefixes = { student: 'student.', teacher: 'teacher.' } as const;

/** `student.*`, `teacher.*`, `optimizer.momentum_buffer.*`, `queue` [dim, K], `small_queue` [dim, K], `queue_ptr` [1]. */
export function seedStateToNamed(student: Model, teacher: Teacher, state: SeedState): NamedArray[] {
  return [
    ...encoderToNamed(student, prefixes.student, state.student),
    ...encoderToNamed(teacher.model, prefixes.teacher, teacher),
    ...momentumToNamed(student, state.momentum),
    queueToNamed('queue', state.queue),
    ...(state.smallQueue ? [queueToNamed('small_queue', state.smallQueue)] : []),
    pointerToNamed(state.queuePointer),
  ];
}

/** The teacher's tensors are passed over. Throws `checkpoint-invalid` naming what is missing or has another shape. */
export function seedStateFromNamed(
  student: Model,
  { queueLength, embeddingDimension, smallPatches }: SeedStateConfig,
  arrays: Iterable<NamedArray>,
): SeedState {
  const reader = namedReader(arrays);
  // Looked up as a whole before a tensor is made: nothing leaks if one is missing.
  const encoder = reader.encoder(student, prefixes.student);
  const momentum = reader.momentum(trainedSpecs(student));
  const queue = reader.queue('queue', [embeddingDimension, queueLength]);
  const smallQueue = smallPatches ? reader.queue('small_queue', [embeddingDimension, queueLength]) : () => null;
  const queuePointer = reader.pointer();
  return { student: encoder(), momentum: momentum(), queue: queue(), smallQueue: smallQueue(), queuePointer };
}

export function disposeSeedState({ student, momentum, queue, smallQueue }: SeedState): void {
  tf.dispose([student.parameters, student.buffers, momentum, queue]);
  smallQueue?.dispose();
}
