import { expect, test } from 'vitest';
import { comparePaired, summarise } from '../../common/statistics.ts';

test('mean, deviation and the interval of Student', () => {
  const { n, mean, deviation, interval } = summarise([68.5, 68.8, 70]);
  expect(n).toBe(3);
  expect(mean).toBeCloseTo(69.1, 12);
  expect(deviation).toBeCloseTo(0.793725393, 9);
  // scipy.stats.t.interval(0.95, 2, 69.1, sem)
  expect(interval![0]).toBeCloseTo(69.1 - (4.30265273 * 0.793725393) / Math.sqrt(3), 6);
  expect(summarise([1]).interval).toBeNull();
  expect(summarise([1, Number.NaN, 3])).toMatchObject({ n: 2, mean: 2 });
});

test.each([
  // scipy.stats.t.ppf(0.975, n - 1)
  [11, 2.228138852],
  [31, 2.0422724563],
  [101, 1.9839715185],
])('the quantile of t for n = %i', (n, quantile) => {
  const { interval, deviation, mean } = summarise(Array.from({ length: n }, (_, i) => i));
  expect(((interval![1] - mean) * Math.sqrt(n)) / deviation).toBeCloseTo(quantile, 4);
});

test('three seeds never differ significantly, and it says how many more would do', () => {
  const result = comparePaired([2, 2.1, 1.9]);
  expect(result).toMatchObject({ pairs: 3, p: 0.25, leastP: 0.25, verdict: 'too-few-pairs', morePairs: 3 });
  expect(result.interval![0]).toBeGreaterThan(0);
});

test('six of one sign differ at p = 2/64', () => {
  expect(comparePaired([1, 2, 3, 4, 5, 6])).toMatchObject({ p: 2 / 64, verdict: 'differs', morePairs: null });
});

test('what scatters around nothing is not separable', () => {
  const result = comparePaired([1, -1, 2, -2, 0.5, -0.4, 1]);
  expect(result.verdict).toBe('not-separable');
  expect(result.p).toBeGreaterThan(0.5);
  expect(result.morePairs).toBeGreaterThan(50);
});

test('many pairs are drawn, not enumerated, and give the same p each time', () => {
  const deltas = Array.from({ length: 40 }, (_, i) => Math.sin(i) + 0.4);
  const { p } = comparePaired(deltas);
  expect(comparePaired(deltas).p).toBe(p);
  // A normal approximation of the flip distribution: z = sum / sqrt(sum of squares).
  const z = deltas.reduce((a, b) => a + b) / Math.sqrt(deltas.reduce((a, b) => a + b * b, 0));
  expect(p).toBeGreaterThan(0);
  expect(Math.abs(p - 2 * (1 - normal(z)))).toBeLessThan(0.01);
});

test('no pair says nothing', () => {
  expect(comparePaired([])).toMatchObject({ pairs: 0, p: 1, interval: null, verdict: 'too-few-pairs' });
});

/** Abramowitz and Stegun 7.1.26. */
function normal(z: number): number {
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2);
  const poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 1 - 0.5 * poly * Math.exp((-z * z) / 2);
}
