import { expect, test } from 'vitest';
import { smooth } from '../../../renderer/charts/smoothing.ts';
import fc from '../../support/fast-check.ts';

/** The definition, slowly: every earlier point weighted by exp(-distance / window) and by its own 1 - decay. */
function weightedMean(steps: number[], values: number[], window: number, at: number): number {
  let sum = 0;
  let weights = 0;
  for (let i = 0; i <= at; i++) {
    const distanceBefore = i === 0 ? 1 : steps[i]! - steps[i - 1]!;
    const weight = (1 - Math.exp(-distanceBefore / window)) * Math.exp(-(steps[at]! - steps[i]!) / window);
    sum += weight * values[i]!;
    weights += weight;
  }
  return sum / weights;
}

test('equals the weighted mean of its definition', () => {
  const steps = [0, 1, 2, 5, 9, 10, 30];
  const values = [7, 6.5, 6.8, 5, 5.5, 4, 3];
  smooth(steps, values, 4).forEach((value, at) => {
    // Both are sums of a few doubles of size 1 to 7.
    expect(value).toBeCloseTo(weightedMean(steps, values, 4, at), 12);
  });
});

test('a constant stays the constant from its first point on, without a bias towards 0', () => {
  const steps = [0, 1, 2, 3, 50];
  for (const value of smooth(steps, [3, 3, 3, 3, 3], 100)) expect(value).toBeCloseTo(3, 12);
});

test('what is drawn does not move when points are added', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 }), (values) => {
      const steps = values.map((_value, index) => index * 3);
      const whole = smooth(steps, values, 10);
      const part = smooth(steps.slice(0, -1), values.slice(0, -1), 10);
      expect(whole.slice(0, -1)).toEqual(part);
    }),
  );
});

test('not-a-numbers and infinities keep their place and spoil nothing after them', () => {
  const values = [4, Number.NaN, 2, Number.POSITIVE_INFINITY, 2];
  const smoothed = smooth([0, 1, 2, 3, 4], values, 5);
  expect(smoothed[1]).toBeNaN();
  expect(smoothed[3]).toBe(Number.POSITIVE_INFINITY);
  expect(smoothed[2]).toBeGreaterThan(2);
  expect(smoothed[4]).toBeLessThan(smoothed[2]!);
});

test('a window of 0 changes nothing', () => {
  expect(smooth([0, 1], [5, 6], 0)).toEqual([5, 6]);
});
