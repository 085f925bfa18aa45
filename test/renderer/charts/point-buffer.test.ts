import { expect, test } from 'vitest';
import { append, emptyBuffer, type PointBuffer, supersede, thin } from '../../../renderer/charts/point-buffer.ts';
import fc from '../../support/fast-check.ts';

function filled(name: string, values: number[], capacity?: number): PointBuffer {
  const buffer = emptyBuffer(name);
  values.forEach((value, step) => {
    append(buffer, { series: name, step, epoch: 0, time: step * 10, value }, capacity);
  });
  return buffer;
}

const point = (series: string, step: number, value: number) => ({ series, step, epoch: 0, time: 0, value });

test('never holds more points than its capacity, and goes on counting', () => {
  const buffer = filled('step/loss', Array.from({ length: 10_000 }, Math.random), 500);
  expect(buffer.values.length).toBeLessThanOrEqual(500);
  expect(buffer.count).toBe(10_000);
});

test('a spike survives any amount of thinning', () => {
  const values = Array.from({ length: 5000 }, () => 1);
  values[1234] = 9;
  values[2345] = -9;
  const buffer = filled('step/loss', values, 200);
  expect(buffer.values).toContain(9);
  expect(buffer.values).toContain(-9);
});

test('a not-a-number survives thinning', () => {
  const values = Array.from({ length: 1000 }, (_, i) => i);
  values[500] = Number.NaN;
  expect(filled('step/loss', values, 100).values.some(Number.isNaN)).toBe(true);
});

test('thinning keeps the order, the ends and the extremes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 3, maxLength: 300 }),
      fc.integer({ min: 2, max: 60 }),
      (values, target) => {
        const buffer = filled('step/loss', values);
        thin(buffer, target);
        expect(buffer.steps).toEqual(buffer.steps.toSorted((a, b) => a - b));
        expect(buffer.steps.at(0)).toBe(0);
        expect(buffer.steps.at(-1)).toBe(values.length - 1);
        expect(Math.max(...buffer.values)).toBe(Math.max(...values));
        expect(Math.min(...buffer.values)).toBe(Math.min(...values));
        // Each column was cut alike.
        expect(buffer.times).toEqual(buffer.steps.map((step) => step * 10));
      },
    ),
  );
});

test('a point that is sent twice over a reconnect counts once, the later one wins', () => {
  const buffer = filled('step/loss', [5, 4]);
  append(buffer, point('step/loss', 1, 3));
  append(buffer, point('step/loss', 0, 9));
  expect(buffer.values).toEqual([5, 3]);
  expect(buffer.count).toBe(2);
});

test('a run that went on from step 2 measures step 2 anew, but not the epoch that ended when 2 steps were done', () => {
  const steps = filled('step/loss', [5, 4, 3, 2]);
  const epochs = filled('epoch/loss', [0, 5, 4, 3]);
  supersede(steps, 2);
  supersede(epochs, 2);
  expect(steps.steps).toEqual([0, 1]);
  expect(epochs.steps).toEqual([0, 1, 2]);
  expect(steps.count).toBe(2);
});
