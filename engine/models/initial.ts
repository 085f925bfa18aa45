/** Starting values of a model, drawn by name: the same tensor starts the same whatever else the model holds. */
import { randomAt } from '../random.ts';
import { type Tensors, tf } from '../tf.ts';
import { fromPytorchLayout } from './layout.ts';
import type { TensorSpec } from './model.ts';

/** Values in PyTorch's layout. */
export function initialValues(spec: TensorSpec, seed: number): Float32Array | BigInt64Array {
  const { initial } = spec;
  const size = spec.shape.reduce((product, length) => product * length, 1);
  const random = randomAt(seed, `initial/${spec.name}`);
  switch (initial.distribution) {
    case 'counter':
      return new BigInt64Array(size);
    case 'constant':
      return new Float32Array(size).fill(initial.value);
    case 'uniform':
      return Float32Array.from({ length: size }, () => random.uniform(-initial.bound, initial.bound));
    case 'normal':
      return Float32Array.from({ length: size }, () => random.normal() * initial.standardDeviation);
  }
}

/** New kept tensors for the specs. */
export function initialTensors(specs: readonly TensorSpec[], seed: number): Tensors {
  return Object.fromEntries(
    specs.map((spec) => [
      spec.name,
      tf.keep(fromPytorchLayout({ name: spec.name, shape: spec.shape, data: initialValues(spec, seed) })),
    ]),
  );
}
