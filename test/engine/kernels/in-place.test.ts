import { beforeAll, describe, expect, test } from 'vitest';
import { applyMomentum, moveTowards, replaceRows } from '../../../engine/kernels/in-place.ts';
import { type Tensor2D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { normalTensor, relativeDistance } from '../../support/gradients.ts';

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`updates in place on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    for (const momentum of [0.9, 0]) {
      test(`SGD with momentum ${momentum} follows PyTorch's formula, and takes over what it got`, () => {
        const [parameter, buffer, gradient] = ['p', 'b', 'g'].map((name) => normalTensor(name, [7, 5])) as tf.Tensor[];
        const [p, b, g] = [parameter!, buffer!, gradient!].map((tensor) => [...tensor.dataSync()]) as number[][];
        const options = { learningRate: 0.1, momentum, weightDecay: 0.01 };
        const before = tf.memory().numTensors;
        const updated = applyMomentum({ parameter: parameter!, buffer: buffer! }, gradient!, options);
        expect(tf.memory().numTensors).toBe(before);
        const newBuffer = b!.map((value, index) => momentum * value + g![index]! + 0.01 * p![index]!);
        const newParameter = p!.map((value, index) => value - 0.1 * newBuffer[index]!);
        expect(relativeDistance(updated.buffer.dataSync(), newBuffer)).toBeLessThan(1e-6);
        expect(relativeDistance(updated.parameter.dataSync(), newParameter)).toBeLessThan(1e-6);
        expect([parameter!.isDisposed, buffer!.isDisposed, gradient!.isDisposed]).toEqual([true, true, false]);
      });
    }

    test('a tensor that somebody else still holds is not written to', () => {
      const owned = normalTensor('owned', [3]);
      const other = tf.clone(owned);
      const before = [...other.dataSync()];
      moveTowards(owned, tf.zeros([3]), 0.5);
      expect([...other.dataSync()]).toEqual(before);
    });

    test('moves towards a target', () => {
      const moved = moveTowards(tf.tensor1d([1, 2]), tf.tensor1d([3, 0]), 0.75);
      expect([...moved.dataSync()]).toEqual([1.5, 1.5]);
    });

    test('replaces rows at the start, in the middle and at the end', () => {
      let rows = tf.keep(
        tf.tensor2d(
          [
            [0, 0],
            [1, 1],
            [2, 2],
            [3, 3],
          ].map((row) => [...row]),
        ),
      ) as Tensor2D;
      rows = replaceRows(rows, 0, tf.tensor2d([[9, 9]]));
      rows = replaceRows(rows, 1, tf.tensor2d([[8, 8]]));
      rows = replaceRows(
        rows,
        2,
        tf.tensor2d([
          [7, 7],
          [6, 6],
        ]),
      );
      expect(rows.arraySync()).toEqual([
        [9, 9],
        [8, 8],
        [7, 7],
        [6, 6],
      ]);
    });
  });
}
