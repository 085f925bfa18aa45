import { beforeAll, describe, expect, test } from 'vitest';
import { normaliseRows } from '../../../engine/kernels/dense.ts';
import { accuracyAt } from '../../../engine/objectives/accuracy.ts';
import { contrastiveLogits, infoNce } from '../../../engine/objectives/info-nce.ts';
import { type Tensor, type Tensor2D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor } from '../../support/gradients.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`InfoNCE on ${backend}`, () => {
    beforeAll(() => useBackend(backend));
    const unit = (name: string, rows: number) => normaliseRows(normalTensor<Tensor2D>(name, [rows, 8]));

    test('all entries alike: the loss is ln(1 + K)', () => {
      const same = tf.tile(unit('same', 1), [4, 1]) as Tensor2D;
      const queue = tf.tile(unit('same', 1), [31, 1]) as Tensor2D;
      const loss = infoNce(contrastiveLogits(same, same, queue, 0.1)).dataSync()[0]!;
      expect(loss).toBeCloseTo(Math.log(32), 5);
    });

    test('negatives at right angles: the loss is ln(1 + K exp(-1 / T))', () => {
      const query = tf.tensor2d([[1, 0, 0]]);
      const queue = tf.tensor2d([
        [0, 1, 0],
        [0, 0, 1],
        [0, -1, 0],
      ]);
      const loss = infoNce(contrastiveLogits(query, query, queue, 0.5)).dataSync()[0]!;
      expect(loss).toBeCloseTo(Math.log1p(3 * Math.exp(-2)), 6);
    });

    test('equals the plain formula, and so do its gradients', () => {
      const [queries, keys, queue] = [unit('queries', 3), unit('keys', 3), unit('queue', 6)];
      const dot = (left: number[], right: number[]) => left.reduce((sum, value, at) => sum + value * right[at]!, 0);
      const [q, k, n] = [queries.arraySync(), keys.arraySync(), queue.arraySync()];
      const losses = q.map((query, row) => {
        const positive = dot(query, k[row]!) / 0.2;
        const all = [positive, ...n.map((negative) => dot(query, negative) / 0.2)];
        return Math.log(all.reduce((sum, logit) => sum + Math.exp(logit), 0)) - positive;
      });
      const loss = infoNce(contrastiveLogits(queries, keys, queue, 0.2)).dataSync()[0]!;
      expect(loss).toBeCloseTo(losses.reduce((sum, value) => sum + value, 0) / 3, 5);
      const f = (queries: Tensor) => infoNce(contrastiveLogits(queries as Tensor2D, keys, queue, 0.2));
      const [derivative] = derivatives(f, [queries], 1e-3);
      expect(derivative!.exact).toBeCloseTo(derivative!.numeric, 2);
    });

    test('accuracy among the k largest; of equals the first column counts', () => {
      const logits = tf.tensor2d([
        [3, 1, 2],
        [1, 3, 2],
        [2, 2, 2],
        [1, 2, 3],
      ]);
      const labels = tf.tensor1d([0, 0, 0, 0], 'int32');
      const percents = accuracyAt(logits, labels, [1, 2, 5]).map((value) => value.dataSync()[0]);
      expect(percents).toEqual([50, 50, 100]);
    });
  });
}
