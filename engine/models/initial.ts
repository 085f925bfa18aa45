/** Starting values of a model, drawn by name: the same tensor starts the same whatever else the model holds. */
import { randomAt } from '../random.ts';
import { type Tensors, tf } from '../tf.ts';
import { fromPytorchLayout, type NamedArray } from './layout.ts';
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

/** Starting values of all specs. */
export function initialArrays(specs: readonly TensorSpec[], seed: number): NamedArray[] {
  return specs.map((spec) => ({ name: spec.name, shape: spec.shape, data: initialValues(spec, seed) }));
}

/** New kept tensors by name, each on memory of its own. */
export function keptTensors(arrays: readonly NamedArray[]): Tensors {
  return Object.fromEntries(arrays.map((array) => [array.name, tf.keep(fromPytorchLayout(array))]));
}
