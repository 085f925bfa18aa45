import { beforeAll, describe, expect, test } from 'vitest';
import { globalAveragePool, maxPool } from '../../../engine/kernels/pooling.ts';
import { type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor } from '../../support/gradients.ts';

const options = { kernel: 3, stride: 2, padding: 1 };

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`pooling on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    for (const [height, width] of [
      [6, 8],
      [7, 5],
    ] as const) {
      test(`max-pool of ${height} x ${width}: padded places never win`, () => {
        // All negative: a padding of zeros would show.
        const x = tf.sub(normalTensor<Tensor4D>('x', [2, height, width, 3]), 10) as Tensor4D;
        const y = maxPool(x, options);
        const expected = plainMaxPool(x);
        expect(y.shape).toEqual(expected.shape);
        expect([...y.dataSync()]).toEqual(expected.values);
      });

      test(`max-pool of ${height} x ${width}: the gradient goes to the largest`, () => {
        const x = normalTensor<Tensor4D>('x', [2, height, width, 3]);
        // Small against the distances between values, so that no other place becomes the largest.
        const [derivative] = derivatives((x) => maxPool(x as Tensor4D, options), [x], 1e-4);
        expect(Math.abs(derivative!.exact - derivative!.numeric)).toBeLessThan(2e-2);
      });
    }

    test('global average', () => {
      const x = normalTensor<Tensor4D>('x', [2, 3, 4, 5]);
      expect(globalAveragePool(x).shape).toEqual([2, 5]);
      const [derivative] = derivatives((x) => globalAveragePool(x as Tensor4D), [x]);
      expect(Math.abs(derivative!.exact - derivative!.numeric)).toBeLessThan(1e-3);
    });
  });
}

function plainMaxPool(x: Tensor4D) {
  const [batch, height, width, channels] = x.shape;
  const rows = Math.floor((height - 1) / 2) + 1;
  const columns = Math.floor((width - 1) / 2) + 1;
  const pixels = x.dataSync();
  const values: number[] = [];
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let channel = 0; channel < channels; channel++) {
          let largest = Number.NEGATIVE_INFINITY;
          for (let y = 2 * row - 1; y <= 2 * row + 1; y++) {
            for (let z = 2 * column - 1; z <= 2 * column + 1; z++) {
              if (y < 0 || z < 0 || y >= height || z >= width) continue;
              largest = Math.max(largest, pixels[((image * height + y) * width + z) * channels + channel]!);
            }
          }
          values.push(largest);
        }
      }
    }
  }
  return { shape: [batch, rows, columns, channels], values };
}
