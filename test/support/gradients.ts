/** Gradients against finite differences. */
import { randomAt } from '../../engine/random.ts';
import { type Tensor, tf } from '../../engine/tf.ts';

/** Standard normal values, the same on every backend. */
export function normalTensor<Shaped extends Tensor = Tensor>(name: string, shape: number[]): Shaped {
  const random = randomAt(0, `test/${name}`);
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  ) as Shaped;
}

export interface Derivative {
  /** From the gradient. */
  exact: number;
  /** (f(x + h d) - f(x - h d)) / 2h, summed in double precision. */
  numeric: number;
}

/**
 * The derivative of `weights . f(inputs)`, for random weights, along a random direction of each input in turn.
 * `step` must be small against the curvature and large against float32's rounding.
 */
export function derivatives(f: (...inputs: Tensor[]) => Tensor, inputs: Tensor[], step = 1e-2): Derivative[] {
  const output = f(...inputs);
  const weights = normalTensor('weights', output.shape);
  const gradients = tf.grads((...inputs) => f(...inputs))(inputs, weights);
  return inputs.map((input, index) => {
    const direction = normalTensor(`direction/${index}`, input.shape);
    const valueAt = (distance: number) => {
      const moved = inputs.map((other, at) => (at === index ? tf.add(other, tf.mul(direction, distance)) : other));
      return dot(f(...moved), weights);
    };
    return {
      exact: dot(gradients[index]!, direction),
      numeric: (valueAt(step) - valueAt(-step)) / (2 * step),
    };
  });
}

function dot(left: Tensor, right: Tensor): number {
  const values = left.dataSync();
  const others = right.dataSync();
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += values[index]! * others[index]!;
  return sum;
}

/** |a - b| over the length of b. */
export function relativeDistance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let length = 0;
  for (let index = 0; index < expected.length; index++) {
    difference += (actual[index]! - expected[index]!) ** 2;
    length += expected[index]! ** 2;
  }
  return Math.sqrt(difference / length);
}
