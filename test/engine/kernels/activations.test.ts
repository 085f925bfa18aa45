import { beforeAll, describe, expect, test } from 'vitest';
import { hardSigmoid, hardSwish, sigmoid, swish } from '../../../engine/kernels/activations.ts';
import { type Tensor, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';

/** Both sides of every bend, the bends themselves last. */
const points = [-8, -3.5, -2.9, -1, -0.1, 0, 0.1, 1, 2.9, 3.5, 8, -3, 3];

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const clipped = (x: number) => Math.min(6, Math.max(0, x + 3)) / 6;
const within = (x: number) => (x > -3 && x < 3 ? 1 / 6 : 0);

/** Values and slopes in double precision; at a bend PyTorch takes the flat side's. */
const cases: [string, (x: Tensor) => Tensor, (x: number) => number, (x: number) => number][] = [
  ['sigmoid', sigmoid, logistic, (x) => logistic(x) * (1 - logistic(x))],
  ['swish', swish, (x) => x * logistic(x), (x) => logistic(x) * (1 + x * (1 - logistic(x)))],
  ['hard sigmoid', hardSigmoid, clipped, within],
  ['hard swish', hardSwish, (x) => x * clipped(x), (x) => clipped(x) + x * within(x)],
];

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`activations on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test.each(cases)('%s: values and slopes', (_name, activation, value, slope) => {
      const x = tf.tensor1d(points);
      const near = (actual: Tensor, expected: number[]) =>
        // A few float32 roundings of values up to 8.
        actual.dataSync().forEach((entry, at) => {
          expect(Math.abs(entry - expected[at]!), `at ${points[at]}`).toBeLessThan(2e-6);
        });
      near(activation(x), points.map(value));
      near(tf.grad(activation)(x), points.map(slope));
    });
  });
}
