import { beforeAll, describe, expect, test } from 'vitest';
import { attention } from '../../../engine/kernels/attention.ts';
import type { Tensor, Tensor4D } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor, relativeDistance } from '../../support/gradients.ts';

const shape: [number, number, number, number] = [2, 3, 5, 4];

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`attention on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    const inputs = () => ['queries', 'keys', 'values'].map((name) => normalTensor<Tensor4D>(name, shape));

    test('each token takes the values of others by its likeness to their keys', () => {
      const [queries, keys, values] = inputs() as [Tensor4D, Tensor4D, Tensor4D];
      const expected = plainAttention(queries.dataSync(), keys.dataSync(), values.dataSync());
      // A few roundings of float32 (6e-8 each) in a row.
      expect(relativeDistance(attention(queries, keys, values).dataSync(), expected)).toBeLessThan(1e-6);
    });

    test('gradients', () => {
      for (const { exact, numeric } of derivatives(attention as (...inputs: Tensor[]) => Tensor, inputs())) {
        // The error of the difference quotient is quadratic in its step of 0.01.
        expect(Math.abs(exact - numeric)).toBeLessThan(5e-3);
      }
    });
  });
}

/** One image, head and token at a time, in double precision. */
function plainAttention(queries: ArrayLike<number>, keys: ArrayLike<number>, values: ArrayLike<number>): Float64Array {
  const [images, heads, tokens, width] = shape;
  const result = new Float64Array(queries.length);
  for (let group = 0; group < images * heads; group++) {
    const at = (token: number, place: number) => (group * tokens + token) * width + place;
    for (let token = 0; token < tokens; token++) {
      const likeness = Array.from({ length: tokens }, (_, other) => {
        let product = 0;
        for (let place = 0; place < width; place++) product += queries[at(token, place)]! * keys[at(other, place)]!;
        return Math.exp(product / Math.sqrt(width));
      });
      const total = likeness.reduce((sum, value) => sum + value);
      for (let other = 0; other < tokens; other++) {
        const share = likeness[other]! / total;
        for (let place = 0; place < width; place++) result[at(token, place)]! += share * values[at(other, place)]!;
      }
    }
  }
  return result;
}
