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
        // A matrix and two vectors: vectors are updated joined.
        const shapes = [[3], [7, 5], [4]];
        const draw = (name: string) => shapes.map((shape) => normalTensor(`${name}/${shape}`, shape));
        const [parameters, buffers, gradients] = [draw('parameter'), draw('buffer'), draw('gradient')];
        const [p, b, g] = [parameters, buffers, gradients].map((list) => list.map((tensor) => [...tensor.dataSync()]));
        const before = tf.memory().numTensors;
        const options = { learningRate: 0.1, momentum, weightDecay: 0.01 };
        const updated = applyMomentum({ parameters, buffers }, gradients, options);
        expect(tf.memory().numTensors).toBe(before);
        for (const [index, shape] of shapes.entries()) {
          const newBuffer = b![index]!.map((value, at) => momentum * value + g![index]![at]! + 0.01 * p![index]![at]!);
          const newParameter = p![index]!.map((value, at) => value - 0.1 * newBuffer[at]!);
          expect(updated.parameters[index]!.shape).toEqual(shape);
          expect(relativeDistance(updated.buffers[index]!.dataSync(), newBuffer)).toBeLessThan(1e-6);
          expect(relativeDistance(updated.parameters[index]!.dataSync(), newParameter)).toBeLessThan(1e-6);
        }
        expect([...parameters, ...buffers].every((tensor) => tensor.isDisposed)).toBe(true);
        expect(gradients.some((tensor) => tensor.isDisposed)).toBe(false);
      });
    }

    test('a tensor that somebody else still holds is not written to', () => {
      const owned = normalTensor('owned', [3, 2]);
      const other = tf.clone(owned);
      const before = [...other.dataSync()];
      moveTowards([owned], [tf.zeros([3, 2])], 0.5);
      expect([...other.dataSync()]).toEqual(before);
    });

    test('moves towards targets', () => {
      const owned = [tf.tensor1d([1, 2]), tf.tensor2d([[1, 2]]), tf.tensor1d([4])];
      const moved = moveTowards(owned, [tf.tensor1d([3, 0]), tf.tensor2d([[3, 0]]), tf.tensor1d([0])], 0.75);
      expect(moved.map((tensor) => [...tensor.dataSync()])).toEqual([[1.5, 1.5], [1.5, 1.5], [3]]);
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
