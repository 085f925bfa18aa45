/** The state of a MoCo training: how it starts, and what of it goes into a checkpoint. */
import { AppError } from '../../common/errors.ts';
import { initialArrays, keptTensors } from '../models/initial.ts';
import { fromPytorchLayout, type NamedArray, toPytorchLayout } from '../models/layout.ts';
import { type Model, specsOf, type TensorSpec, trainedSpecs } from '../models/model.ts';
import { randomAt } from '../random.ts';
import { type Tensor2D, type Tensors, tf } from '../tf.ts';

export interface Encoder {
  readonly parameters: Tensors;
  readonly buffers: Tensors;
}

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
  const parameters = initialArrays(specsOf(model, 'parameter'), seed);
  const buffers = initialArrays(specsOf(model, 'buffer'), seed);
  const encoder = (): Encoder => ({ parameters: keptTensors(parameters), buffers: keptTensors(buffers) });
  return { query: encoder(), key: encoder(), momentum: {}, queue: initialQueue(config, seed), queuePointer: 0 };
}

/** Rows drawn from a normal distribution, hence in random directions, at unit length. */
function initialQueue({ queueLength, embeddingDimension }: QueueConfig, seed: number): Tensor2D {
  const random = randomAt(seed, 'initial/queue');
  const values = Float32Array.from({ length: queueLength * embeddingDimension }, () => random.normal());
  return tf.tidy(() => tf.keep(unitRows(tf.tensor2d(values, [queueLength, embeddingDimension]))));
}

const unitRows = (rows: Tensor2D): Tensor2D => tf.div(rows, tf.norm(rows, 2, 1, true));

const prefixes = { query: 'encoder_q.', key: 'encoder_k.', momentum: 'optimizer.momentum_buffer.' } as const;

export function stateToNamed(model: Model, state: MocoState): NamedArray[] {
  const arrays: NamedArray[] = [];
  for (const { name, kind } of model.tensors) {
    for (const encoder of ['query', 'key'] as const) {
      const tensors = kind === 'parameter' ? state[encoder].parameters : state[encoder].buffers;
      arrays.push(toPytorchLayout(prefixes[encoder] + name, tensors[name]!));
    }
    const buffer = state.momentum[name];
    if (buffer !== undefined) arrays.push(toPytorchLayout(prefixes.momentum + name, buffer));
  }
  arrays.sort((left, right) => rank(left.name) - rank(right.name));
  arrays.push(toPytorchLayout('queue', state.queue));
  arrays.push({ name: 'queue_ptr', shape: [1], data: BigInt64Array.of(BigInt(state.queuePointer)) });
  return arrays;
}

const rank = (name: string) => Object.values(prefixes).findIndex((prefix) => name.startsWith(prefix));

export function stateFromNamed(model: Model, config: QueueConfig, arrays: Iterable<NamedArray>): MocoState {
  const byName = new Map([...arrays].map((array) => [array.name, array]));
  const take = (name: string, shape: readonly number[]): NamedArray => {
    const array = byName.get(name);
    if (array === undefined) throw new AppError('checkpoint-invalid', `the checkpoint has no ${name}`);
    if (array.shape.join() !== shape.join()) {
      const sizes = `[${array.shape.join(', ')}] instead of [${shape.join(', ')}]`;
      throw new AppError('checkpoint-invalid', `${name} has the shape ${sizes}`, {
        cure: 'Resume with the architecture, head, embedding dimension and queue length that the checkpoint was made with.',
      });
    }
    return array;
  };
  // Looked up as a whole before a tensor is made: nothing leaks if one is missing.
  const collect = (prefix: string, specs: readonly TensorSpec[]) =>
    specs.map(({ name, shape }) => ({ name, array: take(prefix + name, shape) }));
  const encoder = (prefix: string) => ({
    parameters: collect(prefix, specsOf(model, 'parameter')),
    buffers: collect(prefix, specsOf(model, 'buffer')),
  });
  const hasMomentum = [...byName.keys()].some((name) => name.startsWith(prefixes.momentum));
  const found = {
    query: encoder(prefixes.query),
    key: encoder(prefixes.key),
    momentum: hasMomentum ? collect(prefixes.momentum, trainedSpecs(model)) : [],
    queue: take('queue', [config.embeddingDimension, config.queueLength]),
    queuePointer: take('queue_ptr', [1]),
  };
  const toTensors = (entries: { name: string; array: NamedArray }[]): Tensors =>
    Object.fromEntries(entries.map(({ name, array }) => [name, tf.keep(fromPytorchLayout(array))]));
  const toEncoder = ({ parameters, buffers }: typeof found.query): Encoder => ({
    parameters: toTensors(parameters),
    buffers: toTensors(buffers),
  });
  return {
    query: toEncoder(found.query),
    key: toEncoder(found.key),
    momentum: toTensors(found.momentum),
    queue: tf.keep(fromPytorchLayout(found.queue) as Tensor2D),
    queuePointer: Number(found.queuePointer.data[0]),
  };
}

export function disposeState({ query, key, momentum, queue }: MocoState): void {
  tf.dispose([query.parameters, query.buffers, key.parameters, key.buffers, momentum, queue]);
}
