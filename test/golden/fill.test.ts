import { expect, test } from 'vitest';
import { fillHash, fillQueue, fillTensor } from '../support/fill.ts';

test('the fill rule gives the numbers of its check table', () => {
  expect(fillHash('conv1.weight', 9407)).toBe(1538135437);
  const value = (name: string, shape: number[], index: number) => fillTensor({ name, shape }).data[index];
  expect(value('conv1.weight', [64, 3, 7, 7], 0)).toBeCloseTo(0.129833952, 9);
  expect(value('layer4.1.conv2.weight', [512, 512, 3, 3], 2359295)).toBeCloseTo(0.00120822457, 11);
  expect(value('bn1.weight', [64], 0)).toBeCloseTo(0.606887877, 8);
  expect(value('bn1.bias', [64], 63)).toBeCloseTo(0.0332135856, 9);
  expect(value('bn1.running_mean', [64], 5)).toBeCloseTo(0.0747910663, 9);
  expect(value('bn1.running_var', [64], 5)).toBeCloseTo(1.43168092, 7);
  expect(fillHash('queue', 4095)).toBe(2852401129);
  expect(fillQueue(128, 32).shape).toEqual([128, 32]);
});
