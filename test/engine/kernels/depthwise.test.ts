import { beforeAll, describe, expect, test } from 'vitest';
import { type DepthwiseOptions, depthwiseConvolution } from '../../../engine/kernels/depthwise.ts';
import type { Tensor4D } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor, relativeDistance } from '../../support/gradients.ts';

/** Each way that padding and stride meet in the mobile nets, and sizes that do not divide. */
const cases = [
  { name: '3x3', size: [5, 6], kernel: 3, stride: 1, padding: { before: 1, after: 1 } },
  { name: '5x5', size: [6, 4], kernel: 5, stride: 1, padding: { before: 2, after: 2 } },
  { name: '5x5 on one pixel', size: [1, 1], kernel: 5, stride: 1, padding: { before: 2, after: 2 } },
  { name: '3x3 stride 2, all sides, even', size: [6, 8], kernel: 3, stride: 2, padding: { before: 1, after: 1 } },
  { name: '5x5 stride 2, all sides, odd', size: [7, 5], kernel: 5, stride: 2, padding: { before: 2, after: 2 } },
  { name: '3x3 stride 2, far side, even', size: [6, 8], kernel: 3, stride: 2, padding: { before: 0, after: 1 } },
  { name: '3x3 stride 2, far side, odd', size: [7, 5], kernel: 3, stride: 2, padding: { before: 0, after: 1 } },
  { name: '5x5 stride 2, more on the far side', size: [6, 9], kernel: 5, stride: 2, padding: { before: 1, after: 2 } },
  { name: '5x5 stride 2, on 2x2', size: [2, 2], kernel: 5, stride: 2, padding: { before: 1, after: 2 } },
] as const;

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`depthwise convolution on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    for (const { name, size, kernel, ...options } of cases) {
      const [height, width] = size;
      const inputs = (): [Tensor4D, Tensor4D] => [
        normalTensor<Tensor4D>('x', [2, height, width, 3]),
        normalTensor<Tensor4D>('filter', [kernel, kernel, 1, 3]),
      ];

      test(`${name}: equals the sum over the window`, () => {
        const [x, filter] = inputs();
        const y = depthwiseConvolution(x, filter, options);
        const expected = plainDepthwise(x, filter, options);
        expect(y.shape).toEqual(expected.shape);
        // Float32 sums of up to 25 products.
        expect(relativeDistance(y.dataSync(), expected.values)).toBeLessThan(1e-6);
      });

      test(`${name}: gradients`, () => {
        const both = derivatives(
          (x, filter) => depthwiseConvolution(x as Tensor4D, filter as Tensor4D, options),
          inputs(),
        );
        // Linear in each, so that only rounding is left.
        for (const { exact, numeric } of both) expect(Math.abs(exact - numeric)).toBeLessThan(2e-3 * size[0] * kernel);
      });
    }

    test('a map that the filter does not fit in is refused', () => {
      const options = { stride: 2, padding: { before: 1, after: 2 } };
      const filter = normalTensor<Tensor4D>('filter', [5, 5, 1, 3]);
      const tiny = normalTensor<Tensor4D>('x', [2, 1, 1, 3]);
      expect(() => depthwiseConvolution(tiny, filter, options)).toThrow(/map of 1 x 1 is too small .* 5 x 5/);
    });
  });
}

function plainDepthwise(x: Tensor4D, filter: Tensor4D, { stride, padding }: DepthwiseOptions) {
  const [batch, height, width, channels] = x.shape;
  const [kernel] = filter.shape;
  const outputSize = (size: number) => Math.floor((size + padding.before + padding.after - kernel) / stride) + 1;
  const shape = [batch, outputSize(height), outputSize(width), channels] as const;
  const pixels = x.dataSync();
  const weights = filter.dataSync();
  const values: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < shape[1]; row++) {
      for (let column = 0; column < shape[2]; column++) {
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0;
          for (let top = 0; top < kernel; top++) {
            for (let left = 0; left < kernel; left++) {
              const y = row * stride + top - padding.before;
              const z = column * stride + left - padding.before;
              if (y < 0 || z < 0 || y >= height || z >= width) continue;
              const pixel = pixels[((image * height + y) * width + z) * channels + channel]!;
              sum += pixel * weights[(top * kernel + left) * channels + channel]!;
            }
          }
          values.push(sum);
        }
      }
    }
  }
  return { shape: [...shape], values };
}
