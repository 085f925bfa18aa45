import { expect, test } from 'vitest';
import { type CurveOptions, collectCurve, describeCurve } from '../../../renderer/charts/collect-curve.ts';
import type { PointBuffer } from '../../../renderer/charts/point-buffer.ts';

const steps: PointBuffer = {
  name: 'step/loss',
  count: 4,
  steps: [0, 1, 2, 3],
  epochs: [0, 0, 1, 1],
  times: [1000, 2000, 4000, 5000],
  values: [7, 6, Number.NaN, 4],
};
const plain: CurveOptions = { axis: 'step', stepsPerEpoch: 2, startedAt: 1000, smoothingWindow: 0, logarithmic: false };

test('by step: the points as they were measured, no raw curve behind', () => {
  const { line, raw } = collectCurve(steps, plain);
  expect(line.map(({ x }) => x)).toEqual([0, 1, 2, 3]);
  expect(line[0]).toEqual({ x: 0, y: 7 });
  expect(raw).toEqual([]);
});

test('by epoch: a step lies where its epoch is when it is done, beside the epoch series of the same moment', () => {
  const epochs: PointBuffer = { ...steps, name: 'epoch/loss', steps: [2, 4], epochs: [1, 2], values: [6.5, 5] };
  const options = { ...plain, axis: 'epoch' as const };
  expect(collectCurve(steps, options).line.map(({ x }) => x)).toEqual([0.5, 1, 1.5, 2]);
  expect(collectCurve(epochs, options).line.map(({ x }) => x)).toEqual([1, 2]);
});

test('by time: seconds since the start', () => {
  expect(collectCurve(steps, { ...plain, axis: 'time' }).line.map(({ x }) => x)).toEqual([0, 1, 3, 4]);
});

test('what is not a number is a gap with a mark, smoothed or not', () => {
  for (const smoothingWindow of [0, 10]) {
    const { line, gaps } = collectCurve(steps, { ...plain, smoothingWindow });
    expect(line[2]?.y).toBeNaN();
    expect(gaps).toEqual([2]);
  }
});

test('smoothing draws the raw points behind', () => {
  const { raw, line } = collectCurve(steps, { ...plain, smoothingWindow: 10 });
  expect(raw.map(({ y }) => y)).toEqual([7, 6, Number.NaN, 4]);
  expect(line[1]!.y).toBeGreaterThan(6);
});

test('a logarithmic scale has no place for 0 and below', () => {
  const buffer = { ...steps, values: [1, 0, -1, 10] };
  const ys = collectCurve(buffer, { ...plain, logarithmic: true }).line.map(({ y }) => y);
  expect(ys).toEqual([1, Number.NaN, Number.NaN, 10]);
});

test('a curve in words', () => {
  const words = describeCurve('Loss', steps, (value) => value.toFixed(1));
  expect(words).toBe('Loss: 4 points, from 7.0 to 4.0; least 4.0, greatest 7.0; 1 not finite.');
});
