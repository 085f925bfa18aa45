import { describe, expect, test } from 'vitest';
import { backbones } from '../../../engine/models/index.ts';
import { initialValues } from '../../../engine/models/initial.ts';

const model = backbones.resnet18({ head: 'wide', outputSize: 128, stem: 'imagenet' });
const drawn = (name: string, seed = 1) =>
  initialValues(model.tensors.find((spec) => spec.name === name)!, seed) as Float32Array;

describe('starting values', () => {
  test('convolutions: normal, variance 2 / (out k k) (He et al., fan-out)', () => {
    for (const [name, fanOut] of [
      ['conv1.weight', 64 * 49],
      ['layer2.0.conv1.weight', 128 * 9],
      ['layer4.0.downsample.0.weight', 512],
    ] as const) {
      const values = drawn(name);
      const { mean, deviation, kurtosis } = moments(values);
      const expected = Math.sqrt(2 / fanOut);
      // Four standard errors of each estimate from n draws.
      expect(Math.abs(mean)).toBeLessThan((4 * expected) / Math.sqrt(values.length));
      expect(Math.abs(deviation / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length));
      expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / values.length));
    }
  });

  test('linear layers: weight and bias uniform within 1 / sqrt(in)', () => {
    for (const [name, inputs] of [
      ['fc.0.weight', 512],
      ['fc.0.bias', 512],
      ['fc.2.weight', 1024],
    ] as const) {
      const values = drawn(name);
      const bound = 1 / Math.sqrt(inputs);
      const { mean, deviation } = moments(values);
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThanOrEqual(bound);
      // All n draws stay below this with a chance of e^-8.
      expect(largest).toBeGreaterThan(bound * (1 - 8 / values.length));
      expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * values.length));
      // A uniform draw's square has the deviation 2/sqrt(5) of its mean.
      expect(Math.abs(deviation / (bound / Math.sqrt(3)) - 1)).toBeLessThan((4 * 0.45) / Math.sqrt(values.length));
    }
  });

  test('batch norm: scale 1, offset 0, mean 0, variance 1, no batch seen', () => {
    expect(new Set(drawn('bn1.weight'))).toEqual(new Set([1]));
    expect(new Set(drawn('bn1.bias'))).toEqual(new Set([0]));
    expect(new Set(drawn('bn1.running_mean'))).toEqual(new Set([0]));
    expect(new Set(drawn('bn1.running_var'))).toEqual(new Set([1]));
    expect(drawn('bn1.num_batches_tracked')).toEqual(BigInt64Array.of(0n));
  });

  test('drawn by name and seed', () => {
    expect(drawn('conv1.weight')).toEqual(drawn('conv1.weight'));
    expect(drawn('conv1.weight')).not.toEqual(drawn('conv1.weight', 2));
    expect(drawn('layer1.0.conv1.weight')).not.toEqual(drawn('layer1.0.conv2.weight'));
  });
});

function moments(values: Float32Array) {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const fourth = values.reduce((sum, value) => sum + (value - mean) ** 4, 0) / count;
  return { mean, deviation: Math.sqrt(variance), kurtosis: fourth / variance ** 2 };
}
