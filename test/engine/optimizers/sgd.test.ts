import { beforeAll, describe, expect, test } from 'vitest';
import { updateSgd } from '../../../engine/optimizers/sgd.ts';
import { type Tensors, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';

/** torch.optim.SGD(lr=0.1, momentum=0.9, weight_decay=0.01) on p = [1, -2] with the gradients [0.5, 1], [-1, 0.25]. */
const gradients = [
  [0.5, 1],
  [-1, 0.25],
];
const expected = [
  [0.949, -2.098],
  [1.002151, -2.209102],
];

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`SGD on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    test("two steps as PyTorch's, the first without a buffer", () => {
      let parameters: Tensors = { p: tf.tensor1d([1, -2]) };
      let buffers: Tensors = {};
      for (const [step, gradient] of gradients.entries()) {
        const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 };
        ({ parameters, buffers } = updateSgd(parameters, buffers, { p: tf.tensor1d(gradient) }, options));
        const values = parameters.p!.dataSync();
        for (const [index, value] of expected[step]!.entries()) expect(values[index]).toBeCloseTo(value, 6);
      }
    });

    test('nothing grows', () => {
      let parameters: Tensors = { p: tf.tensor1d([1, -2]) };
      let buffers: Tensors = {};
      const gradient = { p: tf.tensor1d([0.5, 1]) };
      const counts = [1, 2, 3].map(() => {
        const options = { learningRate: 0.1, momentum: 0.9, weightDecay: 0.01 };
        ({ parameters, buffers } = updateSgd(parameters, buffers, gradient, options));
        return tf.memory().numTensors;
      });
      expect(new Set(counts).size).toBe(1);
    });
  });
}
