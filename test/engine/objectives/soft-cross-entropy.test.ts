import { beforeAll, describe, expect, test } from 'vitest';
import { normaliseRows } from '../../../engine/kernels/dense.ts';
import { contrastiveLogits, infoNce } from '../../../engine/objectives/info-nce.ts';
import { distillationLoss, meanEntropy, softTargets } from '../../../engine/objectives/soft-cross-entropy.ts';
import { type Tensor, type Tensor2D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor } from '../../support/gradients.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`soft cross-entropy on ${backend}`, () => {
    beforeAll(() => useBackend(backend));
    const unit = (name: string, rows: number) => normaliseRows(normalTensor<Tensor2D>(name, [rows, 8]));

    test('equals the plain formula, and so does its gradient', () => {
      const [student, teacher, queue] = [unit('student', 3), unit('teacher', 3), unit('queue', 6)];
      const dot = (left: number[], right: number[]) => left.reduce((sum, value, at) => sum + value * right[at]!, 0);
      const softmax = (logits: number[]) => {
        const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
        return logits.map((logit) => Math.exp(logit) / total);
      };
      const [s, t, q] = [student.arraySync(), teacher.arraySync(), queue.arraySync()];
      const place = (rows: number[][], row: number, temperature: number) =>
        softmax([t[row]!, ...q].map((other) => dot(rows[row]!, other) / temperature));
      const expected =
        s.reduce((sum, _, row) => {
          const target = place(t, row, 0.1);
          return sum - place(s, row, 0.2).reduce((sum, value, at) => sum + target[at]! * Math.log(value), 0);
        }, 0) / 3;
      const targets = softTargets(teacher, queue, 0.1);
      const loss = (student: Tensor) =>
        distillationLoss(contrastiveLogits(student as Tensor2D, teacher, queue, 0.2), targets);
      expect(loss(student).dataSync()[0]).toBeCloseTo(expected, 5);
      const [derivative] = derivatives(loss, [student], 1e-3);
      expect(derivative!.exact).toBeCloseTo(derivative!.numeric, 2);
    });

    test('a student that agrees is left with the entropy of the targets', () => {
      const [teacher, queue] = [unit('teacher', 4), unit('queue', 6)];
      const targets = softTargets(teacher, queue, 0.3);
      const loss = distillationLoss(contrastiveLogits(teacher, teacher, queue, 0.3), targets);
      expect(loss.dataSync()[0]).toBeCloseTo(meanEntropy(targets).dataSync()[0]!, 5);
    });

    test('K + 1 equal targets have an entropy of ln(K + 1); a sharp one has none', () => {
      const even = tf.fill([2, 8], 1 / 8) as Tensor2D;
      expect(meanEntropy(even).dataSync()[0]).toBeCloseTo(Math.log(8), 5);
      expect(meanEntropy(tf.tensor2d([[1, 0, 0]])).dataSync()[0]).toBeCloseTo(0, 6);
    });

    test('at the published temperature the target is the image itself: InfoNCE', () => {
      const [student, teacher, queue] = [unit('student', 3), unit('teacher', 3), unit('queue', 6)];
      const logits = contrastiveLogits(student, teacher, queue, 0.2);
      const loss = distillationLoss(logits, softTargets(teacher, queue, 1e-4));
      expect(loss.dataSync()[0]).toBeCloseTo(infoNce(logits).dataSync()[0]!, 5);
    });
  });
}
