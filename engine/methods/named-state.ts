/** Parts that the states of methods are made of, and their names in a checkpoint. */
import { AppError } from '../../common/errors.ts';
import { initialArrays, keptTensors } from '../models/initial.ts';
import { fromPytorchLayout, type NamedArray, toPytorchLayout } from '../models/layout.ts';
import { type Model, specsOf, type TensorSpec } from '../models/model.ts';
import { randomAt } from '../random.ts';
import { type Tensor2D, type Tensors, tf } from '../tf.ts';

/** A net's tensors, without the net. */
export interface Encoder {
  readonly parameters: Tensors;
  readonly buffers: Tensors;
}

/** Drawn by name from the seed. */
export function initialEncoder(model: Model, seed: number): Encoder {
  const kept = (kind: TensorSpec['kind']) => keptTensors(initialArrays(specsOf(model, kind), seed));
  return { parameters: kept('parameter'), buffers: kept('buffer') };
}

/** Rows drawn from a normal distribution, hence in random directions, at unit length: [length, dimension], kept. */
export function initialQueue([length, dimension]: [number, number], seed: number, name: string): Tensor2D {
  const random = randomAt(seed, name);
  const values = Float32Array.from({ length: length * dimension }, () => random.normal());
  return tf.tidy(() => {
    const rows = tf.tensor2d(values, [length, dimension]);
    return tf.keep(tf.div(rows, tf.norm(rows, 2, 1, true)) as Tensor2D);
  });
}

export const momentumPrefix = 'optimizer.momentum_buffer.';

/** Copies in PyTorch's layout, in the order of its state_dict. */
export function encoderToNamed(model: Model, prefix: string, { parameters, buffers }: Encoder): NamedArray[] {
  return model.tensors.map(({ name, kind }) =>
    toPytorchLayout(prefix + name, (kind === 'parameter' ? parameters : buffers)[name]!),
  );
}

export function momentumToNamed(model: Model, momentum: Tensors): NamedArray[] {
  return model.tensors
    .filter(({ name }) => momentum[name] !== undefined)
    .map(({ name }) => toPytorchLayout(momentumPrefix + name, momentum[name]!));
}

/** [dim, K]: its two-dimensional layout is that of a linear layer. */
export const queueToNamed = (name: string, queue: Tensor2D): NamedArray => toPytorchLayout(name, queue);

export const pointerToNamed = (pointer: number): NamedArray => ({
  name: 'queue_ptr',
  shape: [1],
  data: BigInt64Array.of(BigInt(pointer)),
});

/**
 * Finds a state's parts among arrays. Each look-up checks that everything is there, and gives a function that makes the
 * tensors (kept). Throws `checkpoint-invalid` naming what is missing or has another shape.
 */
export function namedReader(arrays: Iterable<NamedArray>) {
  const byName = new Map([...arrays].map((array) => [array.name, array]));

  function take(name: string, shape: readonly number[]): NamedArray {
    const array = byName.get(name);
    if (array === undefined) throw new AppError('checkpoint-invalid', `the checkpoint has no ${name}`);
    if (array.shape.join() !== shape.join()) {
      const sizes = `[${array.shape.join(', ')}] instead of [${shape.join(', ')}]`;
      throw new AppError('checkpoint-invalid', `${name} has the shape ${sizes}`, {
        cure: 'Resume with the architecture, head, embedding dimension and queue length that the checkpoint was made with.',
      });
    }
    return array;
  }

  const collect = (prefix: string, specs: readonly TensorSpec[]) => {
    const found = specs.map(({ name, shape }) => ({ name, array: take(prefix + name, shape) }));
    return (): Tensors => Object.fromEntries(found.map(({ name, array }) => [name, tf.keep(fromPytorchLayout(array))]));
  };

  return {
    encoder(model: Model, prefix: string): () => Encoder {
      const parameters = collect(prefix, specsOf(model, 'parameter'));
      const buffers = collect(prefix, specsOf(model, 'buffer'));
      return () => ({ parameters: parameters(), buffers: buffers() });
    },
    tensors: collect,
    /** All of them or, in a checkpoint from before the first step, none. */
    momentum(specs: readonly TensorSpec[]): () => Tensors {
      const has = [...byName.keys()].some((name) => name.startsWith(momentumPrefix));
      return collect(momentumPrefix, has ? specs : []);
    },
    queue(name: string, shape: [number, number]): () => Tensor2D {
      const array = take(name, shape);
      return () => tf.keep(fromPytorchLayout(array) as Tensor2D);
    },
    pointer: () => Number(take('queue_ptr', [1]).data[0]),
  };
}
