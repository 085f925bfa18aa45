import { beforeAll, describe, expect, test } from 'vitest';
import { layerNorm } from '../../../engine/kernels/layer-norm.ts';
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor, relativeDistance } from '../../support/gradients.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`layer norm on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    const inputs = () =>
      [tf.add(tf.mul(normalTensor('x', [4, 7]), 3), 2), normalTensor('weight', [7]), normalTensor('bias', [7])] as [
        Tensor2D,
        Tensor1D,
        Tensor1D,
      ];

    test('rows of mean 0 and biased variance 1, scaled and moved', () => {
      const [x, weight, bias] = inputs();
      const [values, scales, offsets] = [x.dataSync(), weight.dataSync(), bias.dataSync()];
      const expected = Float64Array.from({ length: 28 }, (_, index) => {
        const row = [...values.subarray(index - (index % 7), index - (index % 7) + 7)];
        const mean = row.reduce((sum, value) => sum + value) / 7;
        const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 7;
        return ((values[index]! - mean) / Math.sqrt(variance + 1e-5)) * scales[index % 7]! + offsets[index % 7]!;
      });
      expect(relativeDistance(layerNorm(x, { weight, bias }).dataSync(), expected)).toBeLessThan(1e-6);
    });

    test('gradients', () => {
      const f = (x: Tensor, weight: Tensor, bias: Tensor) =>
        layerNorm(x as Tensor2D, { weight: weight as Tensor1D, bias: bias as Tensor1D });
      for (const { exact, numeric } of derivatives(f as (...inputs: Tensor[]) => Tensor, inputs())) {
        // The error of the difference quotient is quadratic in its step of 0.01.
        expect(Math.abs(exact - numeric)).toBeLessThan(5e-3);
      }
    });
  });
}
