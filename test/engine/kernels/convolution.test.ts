import { beforeAll, describe, expect, test } from 'vitest';
import { convolution } from '../../../engine/kernels/convolution.ts';
import { type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor, relativeDistance } from '../../support/gradients.ts';

/** Each way that padding and stride meet in a ResNet, and sizes that do not divide. */
const cases = [
  { name: '3x3', size: [5, 6], kernel: 3, stride: 1, padding: 1 },
  { name: '3x3 stride 2, even', size: [6, 8], kernel: 3, stride: 2, padding: 1 },
  { name: '3x3 stride 2, odd', size: [7, 5], kernel: 3, stride: 2, padding: 1 },
  { name: '1x1 stride 2', size: [6, 6], kernel: 1, stride: 2, padding: 0 },
  { name: '1x1 stride 2, odd', size: [5, 7], kernel: 1, stride: 2, padding: 0 },
  { name: '7x7 stride 2', size: [12, 11], kernel: 7, stride: 2, padding: 3 },
  { name: '3x3 on one pixel', size: [1, 1], kernel: 3, stride: 1, padding: 1 },
  { name: '3x3 in groups', size: [5, 6], kernel: 3, stride: 1, padding: 1, groups: 4 },
  { name: '3x3 stride 2 in groups, even', size: [6, 8], kernel: 3, stride: 2, padding: 1, groups: 4 },
  { name: '3x3 stride 2 in groups, odd', size: [7, 5], kernel: 3, stride: 2, padding: 1, groups: 4 },
  { name: '1x1 in groups', size: [4, 4], kernel: 1, stride: 1, padding: 0, groups: 4 },
  { name: '3x3 in groups, on one pixel', size: [1, 1], kernel: 3, stride: 1, padding: 1, groups: 4 },
] satisfies Case[];

interface Case {
  name: string;
  size: [number, number];
  kernel: number;
  stride: number;
  padding: number;
  groups?: number;
}

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`convolution on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    for (const { name, size, kernel, groups = 1, ...options } of cases as Case[]) {
      const [height, width] = size;
      const inputs = () => ({
        x: normalTensor<Tensor4D>('x', [2, height, width, 3 * groups]),
        filter: normalTensor<Tensor4D>('filter', [kernel, kernel, 3, 4 * groups]),
      });

      test(`${name}: equals the sum over the window`, () => {
        const { x, filter } = inputs();
        const y = convolution(x, filter, options);
        const expected = plainConvolution(x, filter, options);
        expect(y.shape).toEqual(expected.shape);
        // Float32 sums of up to 147 products.
        expect(relativeDistance(y.dataSync(), expected.values)).toBeLessThan(1e-6);
      });

      test(`${name}: gradients`, () => {
        const { x, filter } = inputs();
        const both = derivatives((x, filter) => convolution(x as Tensor4D, filter as Tensor4D, options), [x, filter]);
        // Linear in each, so that only rounding is left.
        for (const { exact, numeric } of both) expect(Math.abs(exact - numeric)).toBeLessThan(2e-3 * size[0] * kernel);
      });

      test(`${name}: gradient of the filter alone is the same`, () => {
        const { x, filter } = inputs();
        const gradient = (inputGradient: boolean) =>
          tf
            .grad((filter) => convolution(x, filter as Tensor4D, { ...options, inputGradient }))(filter)
            .dataSync();
        expect(gradient(false)).toEqual(gradient(true));
      });
    }
  });
}

function plainConvolution(x: Tensor4D, filter: Tensor4D, { stride, padding }: { stride: number; padding: number }) {
  const [batch, height, width, channels] = x.shape;
  const [kernel, , inputs, outputs] = filter.shape;
  const groups = channels / inputs;
  const outputSize = (size: number) => Math.floor((size + 2 * padding - kernel) / stride) + 1;
  const shape = [batch, outputSize(height), outputSize(width), outputs] as const;
  const pixels = x.dataSync();
  const weights = filter.dataSync();
  const values: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < shape[1]; row++) {
      for (let column = 0; column < shape[2]; column++) {
        for (let output = 0; output < outputs; output++) {
          let sum = 0;
          for (let top = 0; top < kernel; top++) {
            for (let left = 0; left < kernel; left++) {
              const y = row * stride + top - padding;
              const z = column * stride + left - padding;
              if (y < 0 || z < 0 || y >= height || z >= width) continue;
              const first = Math.floor(output / (outputs / groups)) * inputs; // of the group
              for (let input = 0; input < inputs; input++) {
                sum +=
                  pixels[((image * height + y) * width + z) * channels + first + input]! *
                  weights[((top * kernel + left) * inputs + input) * outputs + output]!;
              }
            }
          }
          values.push(sum);
        }
      }
    }
  }
  return { shape: [...shape], values };
}
