import { beforeAll, describe, expect, test } from 'vitest';
import { crossEntropy } from '../../../engine/kernels/cross-entropy.ts';
import { topK } from '../../../engine/kernels/top-k.ts';
import { type Tensor2D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor } from '../../support/gradients.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`cross-entropy and top-k on ${backend}`, () => {
    beforeAll(() => useBackend(backend));
    const labels = () => tf.tensor1d([0, 3, 1], 'int32');

    test('the mean of -log softmax at the label', () => {
      const logits = normalTensor<Tensor2D>('logits', [3, 4]);
      const rows = logits.arraySync();
      const expected =
        [0, 3, 1].reduce((sum, label, row) => {
          const total = rows[row]!.reduce((sum, logit) => sum + Math.exp(logit), 0);
          return sum + Math.log(total) - rows[row]![label]!;
        }, 0) / 3;
      expect(crossEntropy(logits, labels()).dataSync()[0]).toBeCloseTo(expected, 5);
      const [derivative] = derivatives((logits) => crossEntropy(logits as Tensor2D, labels()), [logits]);
      expect(derivative!.exact).toBeCloseTo(derivative!.numeric, 3);
    });

    test('large logits neither overflow nor lose the loss', () => {
      const logits = tf.tensor2d([[1000, 0, -1000]]);
      expect(crossEntropy(logits, tf.tensor1d([1], 'int32')).dataSync()[0]).toBe(1000);
    });

    test('the largest first, and of equals the first', () => {
      const { values, indices } = topK(
        tf.tensor2d([
          [2, 7, 7, 1],
          [4, 4, 4, 5],
        ]),
        3,
      );
      expect(values.arraySync()).toEqual([
        [7, 7, 2],
        [5, 4, 4],
      ]);
      expect(indices.arraySync()).toEqual([
        [1, 2, 0],
        [3, 0, 1],
      ]);
    });
  });
}
