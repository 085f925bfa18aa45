import { expect, test } from 'vitest';
import { runStyles } from '../../../common/charts/run-styles.ts';
import { seedBand } from '../../../common/charts/seed-band.ts';

test('mean, range and interval of seeds at the steps that all have; a seed that diverged leaves a gap', () => {
  const curves = [
    { steps: [0, 10, 20, 30], values: [1, 2, 3, 4] },
    { steps: [0, 10, 25, 30, 40], values: [3, 4, 9, Number.NaN, 1] },
    { steps: [0, 5, 10, 30], values: [5, 7, 9, 4] },
  ];
  const range = seedBand(curves, 'range');
  expect(range).toEqual({
    steps: [0, 10, 30],
    mean: [3, 5, Number.NaN],
    low: [1, 2, Number.NaN],
    high: [5, 9, Number.NaN],
  });
  const interval = seedBand(curves, 'interval');
  // Student's t for two degrees of freedom, 4.3027, times the deviation 2 over the root of 3.
  expect(interval.high[0]! - interval.mean[0]!).toBeCloseTo((4.30265 * 2) / Math.sqrt(3), 3);
  expect(interval.mean[0]! - interval.low[0]!).toBeCloseTo((4.30265 * 2) / Math.sqrt(3), 3);
  expect(seedBand([], 'range').steps).toEqual([]);
});

test.each(['light', 'dark'] as const)(
  'runs of a view are told apart, and keep their colour where they can, %s',
  (scheme) => {
    const ids = Array.from({ length: 20 }, (_, index) => `run${index * 7}`);
    for (const count of [2, 5, 12, 20]) {
      const styles = [...runStyles(ids.slice(0, count), scheme).values()];
      expect(new Set(styles.map(({ colour }) => colour)).size).toBe(Math.min(5, count));
      expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(count);
    }
    const alone = (id: string) => runStyles([id], scheme).get(id)!.colour;
    expect(runStyles([...ids].reverse(), scheme)).toEqual(runStyles(ids, scheme));
    const pair = runStyles(ids.slice(0, 2), scheme);
    const first = [...ids.slice(0, 2)].sort()[0]!;
    expect(pair.get(first)!.colour).toBe(alone(first));
  },
);
