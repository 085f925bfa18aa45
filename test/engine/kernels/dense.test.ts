import { beforeAll, describe, expect, test } from 'vitest';
import { linear, normaliseRows, relu } from '../../../engine/kernels/dense.ts';
import { type Tensor1D, type Tensor2D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor, relativeDistance } from '../../support/gradients.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`dense layers on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test('linear: a worked example and its gradients', () => {
      const y = linear(
        tf.tensor2d([[1, 2]]),
        tf.tensor2d([
          [3, 4, 5],
          [6, 7, 8],
        ]),
        tf.tensor1d([0.5, 0, -1]),
      );
      expect([...y.dataSync()]).toEqual([15.5, 18, 20]);
      const inputs = [normalTensor('x', [4, 3]), normalTensor('weight', [3, 5]), normalTensor('bias', [5])];
      const all = derivatives((x, weight, bias) => linear(x as Tensor2D, weight as Tensor2D, bias as Tensor1D), inputs);
      for (const { exact, numeric } of all) expect(Math.abs(exact - numeric)).toBeLessThan(5e-3);
    });

    test("linear with a weight too large for MatMul's copy: the gradients of tfjs", () => {
      const inputs = [normalTensor('x', [3, 512]), normalTensor('weight', [512, 300]), normalTensor('bias', [300])];
      const dy = normalTensor('dy', [3, 300]);
      const gradients = (f: (x: Tensor2D, weight: Tensor2D, bias: Tensor1D) => Tensor2D) =>
        tf.grads((x, weight, bias) => f(x as Tensor2D, weight as Tensor2D, bias as Tensor1D))(inputs, dy);
      const expected = gradients((x, weight, bias) => tf.add(tf.matMul(x, weight), bias));
      gradients(linear).forEach((gradient, index) => {
        // Float32 sums of up to 300 products.
        expect(relativeDistance(gradient.dataSync(), expected[index]!.dataSync())).toBeLessThan(1e-6);
      });
    });

    test('relu: nothing below 0, and no gradient there or at 0', () => {
      const x = tf.tensor1d([-2, 0, 3]);
      expect([...relu(x).dataSync()]).toEqual([0, 0, 3]);
      expect([
        ...tf
          .grad((x) => relu(x))(x, tf.tensor1d([5, 6, 7]))
          .dataSync(),
      ]).toEqual([0, 0, 7]);
    });

    test('rows of unit length, and a row of zeros stays', () => {
      const y = normaliseRows(
        tf.tensor2d([
          [3, 4],
          [0, 0],
        ]),
      );
      const expected = [0.6, 0.8, 0, 0];
      y.dataSync().forEach((value, index) => {
        expect(value).toBeCloseTo(expected[index]!, 6);
      });
      const [derivative] = derivatives((x) => normaliseRows(x as Tensor2D), [normalTensor('x', [3, 6])]);
      expect(Math.abs(derivative!.exact - derivative!.numeric)).toBeLessThan(1e-2);
    });
  });
}
