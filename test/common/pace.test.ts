import { expect, test } from 'vitest';
import { type Moment, remainingTime } from '../../common/pace.ts';

const every = (ms: number, from: number, count: number, each = 1): Moment[] =>
  Array.from({ length: count }, (_, i) => ({ steps: from + i * each, time: i * ms * each }));

test('a steady rate tells the time left exactly; before an epoch has passed the range is wider', () => {
  const remaining = remainingTime(every(100, 1, 10), [], 110, 0)!;
  expect(remaining.expectedMs).toBeCloseTo(100 * 100, 6);
  expect(remaining.highMs).toBeCloseTo(1.3 * remaining.expectedMs, 6);
  expect(remaining.lowMs).toBeLessThan(remaining.expectedMs);
});

test('one slow step does not move it; whole epochs count with their evaluations', () => {
  const steps = every(100, 1, 20);
  steps[10]!.time += 60_000;
  for (const step of steps.slice(11)) step.time += 60_000;
  expect(remainingTime(steps, [], 120, 0)!.expectedMs).toBeCloseTo(100 * 100, 6);
  const epochs = every(150, 0, 3, 10); // half as much again for what is not steps
  expect(remainingTime(steps, epochs, 120, 0)!.expectedMs).toBeCloseTo(100 * 150, 6);
});

test('nothing is said from too few steps, and nothing is left at the end', () => {
  expect(remainingTime(every(100, 1, 4), [], 100, 0)).toBeNull();
  expect(remainingTime(every(100, 1, 10), [], 10, 0)!.expectedMs).toBe(0);
});
