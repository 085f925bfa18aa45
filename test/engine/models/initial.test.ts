import { describe, expect, test } from 'vitest';
import { backbones, teachers } from '../../../engine/models/index.ts';
import { initialValues } from '../../../engine/models/initial.ts';

const model = backbones.resnet18({ head: 'wide', outputSize: 128, stem: 'imagenet' });
const drawn = (name: string, seed = 1, { tensors } = model) =>
  initialValues(tensors.find((spec) => spec.name === name)!, seed) as Float32Array;

describe('starting values', () => {
  test('convolutions: normal, variance 2 / (out k k) (He et al., fan-out)', () => {
    for (const [name, fanOut] of [
      ['conv1.weight', 64 * 49],
      ['layer2.0.conv1.weight', 128 * 9],
      ['layer4.0.downsample.0.weight', 512],
    ] as const) {
      expectNormal(drawn(name), Math.sqrt(2 / fanOut));
    }
  });

  test('in groups the fan-out counts the outputs of all of them, as PyTorch does', () => {
    const model = backbones.resnext50_32x4d({ head: 'none', outputSize: 128, stem: 'imagenet' });
    expectNormal(drawn('layer2.1.conv2.weight', 1, model), Math.sqrt(2 / (256 * 9)));
    expectNormal(drawn('layer1.0.conv3.weight', 1, model), Math.sqrt(2 / 256));
  });

  test('teachers: as ResNets, their heads as PyTorch', () => {
    const swav = teachers.swav_resnet50w2({ outputSize: 128 });
    expectNormal(drawn('layer1.0.conv2.weight', 1, swav), Math.sqrt(2 / (128 * 9)));
    expectUniform(drawn('projection_head.3.weight', 1, swav), 1 / Math.sqrt(8192));
    const simclr = teachers.simclr_resnet50({ outputSize: 128 });
    expectNormal(drawn('module.layer1.0.conv2.weight', 1, simclr), Math.sqrt(2 / (64 * 9)));
    expectUniform(drawn('module.fc.0.bias', 1, simclr), 1 / Math.sqrt(2048));
    expect(new Set(drawn('module.fc.1.weight', 1, simclr))).toEqual(new Set([1]));
  });

  test('linear layers: weight and bias uniform within 1 / sqrt(in)', () => {
    for (const [name, inputs] of [
      ['fc.0.weight', 512],
      ['fc.0.bias', 512],
      ['fc.2.weight', 1024],
    ] as const) {
      expectUniform(drawn(name), 1 / Math.sqrt(inputs));
    }
  });

  test('MobileNetV3: convolutions normal by fan-out, its own linear layers normal with 0.01, a new head as PyTorch', () => {
    const model = backbones.mobilenetv3_small({ head: 'wide', outputSize: 128, stem: 'imagenet' });
    const values = (name: string) => drawn(name, 1, model);
    expectNormal(values('features.9.conv.0.weight'), Math.sqrt(2 / 288));
    expectNormal(values('features.11.conv.3.weight'), Math.sqrt(2 / (576 * 25))); // depthwise, over all channels
    expectNormal(values('features.9.conv.5.fc.0.weight'), 0.01);
    expectNormal(values('classifier.0.weight'), 0.01);
    expect(new Set(values('classifier.0.bias'))).toEqual(new Set([0]));
    expectUniform(values('fc.0.weight'), 1 / Math.sqrt(1024));
    const kept = backbones.mobilenetv3_small({ head: 'simple', outputSize: 128, stem: 'imagenet' });
    expectUniform(drawn('fc.0.weight', 1, kept), 1 / Math.sqrt(1024));
    expectNormal(drawn('fc.2.weight', 1, kept), 0.01);
  });

  test('EfficientNet: convolutions, gates and fc as PyTorch, uniform within 1 / sqrt(fan-in)', () => {
    const model = backbones.efficientnet_b0({ head: 'none', outputSize: 128, stem: 'imagenet' });
    for (const [name, fanIn] of [
      ['_conv_stem.weight', 27],
      ['_blocks.5._expand_conv.weight', 40],
      ['_blocks.8._depthwise_conv.weight', 25],
      ['_blocks.8._se_reduce.weight', 480],
      ['_blocks.8._se_expand.bias', 20],
      ['fc.weight', 1280],
    ] as const) {
      expectUniform(drawn(name, 1, model), 1 / Math.sqrt(fanIn));
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

function expectNormal(values: Float32Array, expected: number) {
  const { mean, deviation, kurtosis } = moments(values);
  // Four standard errors of each estimate from n draws.
  expect(Math.abs(mean)).toBeLessThan((4 * expected) / Math.sqrt(values.length));
  expect(Math.abs(deviation / expected - 1)).toBeLessThan(4 / Math.sqrt(2 * values.length));
  expect(Math.abs(kurtosis - 3)).toBeLessThan(4 * Math.sqrt(24 / values.length));
}

function expectUniform(values: Float32Array, bound: number) {
  const { mean, deviation } = moments(values);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeLessThanOrEqual(bound);
  // All n draws stay below this with a chance of e^-8.
  expect(largest).toBeGreaterThan(bound * (1 - 8 / values.length));
  expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * values.length));
  // A uniform draw's square has the deviation 2/sqrt(5) of its mean.
  expect(Math.abs(deviation / (bound / Math.sqrt(3)) - 1)).toBeLessThan((4 * 0.45) / Math.sqrt(values.length));
}

function moments(values: Float32Array) {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const fourth = values.reduce((sum, value) => sum + (value - mean) ** 4, 0) / count;
  return { mean, deviation: Math.sqrt(variance), kurtosis: fourth / variance ** 2 };
}
