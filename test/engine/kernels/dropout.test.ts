import { beforeAll, describe, expect, test } from 'vitest';
import { dropout } from '../../../engine/kernels/dropout.ts';
import { randomAt } from '../../../engine/random.ts';
import { tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`dropout on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    const ones = () => tf.ones([200, 500]);
    const draw = (seed: number) => dropout(ones(), 0.1, randomAt(0, 'test/dropout', seed)).dataSync<'float32'>();

    test('a tenth is 0, the rest is scaled up', () => {
      const values = draw(0);
      expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.9)]));
      const zeros = values.reduce((count, value) => count + (value === 0 ? 1 : 0), 0);
      // Four standard errors of a share of 0.1 among 100,000.
      expect(Math.abs(zeros / values.length - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / values.length));
    });

    test('draws have addresses, and follow each other within one', () => {
      expect(draw(1)).toEqual(draw(1));
      const shared = (left: ArrayLike<number>, right: ArrayLike<number>) =>
        Array.from(left).filter((value, index) => value === 0 && right[index] === 0).length / left.length;
      // Independent masks share a hundredth.
      expect(Math.abs(shared(draw(1), draw(2)) - 0.01)).toBeLessThan(4 * Math.sqrt(0.01 / 100_000));
      const random = randomAt(0, 'test/dropout', 3);
      const [first, second] = [dropout(ones(), 0.1, random).dataSync(), dropout(ones(), 0.1, random).dataSync()];
      expect(Math.abs(shared(first, second) - 0.01)).toBeLessThan(4 * Math.sqrt(0.01 / 100_000));
    });

    test('the gradient passes where the value did', () => {
      const random = () => randomAt(0, 'test/dropout', 4);
      const gradient = tf.grad((x) => dropout(x, 0.1, random()))(ones());
      expect(gradient.dataSync()).toEqual(dropout(ones(), 0.1, random()).dataSync());
    });
  });
}
