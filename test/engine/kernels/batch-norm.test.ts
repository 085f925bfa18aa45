import { beforeAll, describe, expect, test } from 'vitest';
import { batchNormEvaluation, batchNormSplit, batchNormTraining } from '../../../engine/kernels/batch-norm.ts';
import { type Tensor, type Tensor1D, type Tensor4D, tf } from '../../../engine/tf.ts';
import { backendNames, useBackend, whyMissing } from '../../support/backends.ts';
import { derivatives, normalTensor, relativeDistance } from '../../support/gradients.ts';

const options = { epsilon: 1e-5, momentum: 0.1 };
const channels = 3;

for (const backend of backendNames) {
  describe.skipIf(await whyMissing(backend))(`batch norm on ${backend}`, () => {
    beforeAll(() => useBackend(backend));

    const images = () => tf.add(normalTensor<Tensor4D>('x', [4, 2, 3, channels]), 0.5) as Tensor4D;
    const tensors = () => ({
      weight: tf.tensor1d([0.5, 1, -2]),
      bias: tf.tensor1d([0.1, 0, -0.3]),
      runningMean: tf.tensor1d([0.2, -1, 3]),
      runningVariance: tf.tensor1d([1, 0.5, 2]),
    });

    test('normalises by the biased variance and tracks the unbiased one', () => {
      const x = images();
      const result = batchNormTraining(x, tensors(), options);
      const expected = plainBatchNorm(x, tensors());
      expect(relativeDistance(result.y.dataSync(), expected.y)).toBeLessThan(1e-6);
      expect(relativeDistance(result.runningMean.dataSync(), expected.runningMean)).toBeLessThan(1e-6);
      expect(relativeDistance(result.runningVariance.dataSync(), expected.runningVariance)).toBeLessThan(1e-6);
    });

    test('gradients in training', () => {
      const { weight, bias, ...running } = tensors();
      const f = (x: Tensor, weight: Tensor, bias: Tensor) =>
        batchNormTraining(x as Tensor4D, { weight: weight as Tensor1D, bias: bias as Tensor1D, ...running }, options).y;
      for (const { exact, numeric } of derivatives(f as (...inputs: Tensor[]) => Tensor, [images(), weight, bias])) {
        // The error of the difference quotient is quadratic in its step of 0.01.
        expect(Math.abs(exact - numeric)).toBeLessThan(1e-2);
      }
    });

    test('gradients by running statistics', () => {
      const { weight, bias, ...running } = tensors();
      const f = (x: Tensor, weight: Tensor, bias: Tensor) =>
        batchNormEvaluation(x as Tensor4D, { weight: weight as Tensor1D, bias: bias as Tensor1D, ...running }, options);
      for (const { exact, numeric } of derivatives(f as (...inputs: Tensor[]) => Tensor, [images(), weight, bias])) {
        expect(Math.abs(exact - numeric)).toBeLessThan(1e-2);
      }
    });

    test('groups have statistics of their own; the running ones follow the first', () => {
      const x = images();
      const split = batchNormSplit(x, tensors(), options, 2);
      const [first, second] = tf.split(x, 2).map((group) => batchNormTraining(group as Tensor4D, tensors(), options));
      expect(split.y.dataSync()).toEqual(tf.concat([first!.y, second!.y]).dataSync());
      expect(split.runningMean.dataSync()).toEqual(first!.runningMean.dataSync());
      expect(split.runningVariance.dataSync()).toEqual(first!.runningVariance.dataSync());
      const whole = batchNormTraining(x, tensors(), options);
      expect(relativeDistance(split.y.dataSync(), whole.y.dataSync())).toBeGreaterThan(0.01);
    });

    test('one value per channel and unequal groups are refused', () => {
      const x = normalTensor<Tensor4D>('x', [4, 1, 1, channels]);
      expect(() => batchNormSplit(x, tensors(), options, 4)).toThrow('1 value per channel');
      expect(() => batchNormSplit(x, tensors(), options, 3)).toThrow('a batch of 4 cannot be divided into 3');
    });
  });
}

function plainBatchNorm(x: Tensor4D, tensors: Record<'weight' | 'bias' | 'runningMean' | 'runningVariance', Tensor1D>) {
  const values = x.dataSync();
  const count = values.length / channels;
  const y = new Float64Array(values.length);
  const runningMean: number[] = [];
  const runningVariance: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const own = Array.from({ length: count }, (_, index) => values[index * channels + channel]!);
    const mean = own.reduce((sum, value) => sum + value, 0) / count;
    const squares = own.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const at = (tensor: Tensor1D) => tensor.dataSync()[channel]!;
    own.forEach((value, index) => {
      const normalised = (value - mean) / Math.sqrt(squares / count + options.epsilon);
      y[index * channels + channel] = normalised * at(tensors.weight) + at(tensors.bias);
    });
    runningMean.push(0.9 * at(tensors.runningMean) + 0.1 * mean);
    runningVariance.push(0.9 * at(tensors.runningVariance) + (0.1 * squares) / (count - 1));
  }
  return { y, runningMean, runningVariance };
}
