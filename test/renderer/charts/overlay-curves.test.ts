import { expect, test } from 'vitest';
import { nearestCurve } from '../../../renderer/charts/overlay/curve-geometry.ts';
import { withDetail } from '../../../renderer/charts/overlay/overlay-curves.ts';

const series = (steps: number[], count: number) => ({
  name: 'step/loss',
  count,
  steps,
  epochs: steps.map(() => 0),
  times: steps.map((step) => step * 1000),
  values: steps.map((step) => step / 10),
});

test('the finer part takes the place of the coarser one', () => {
  const whole = series([0, 10, 20, 30, 40], 41);
  const joined = withDetail(whole, series([15, 16, 17, 18, 19, 20, 21], 7));
  expect(joined.steps).toEqual([0, 10, 15, 16, 17, 18, 19, 20, 21, 30, 40]);
  expect(joined.values).toEqual(joined.steps.map((step) => step / 10));
  expect(joined.count).toBe(41);
  expect(withDetail(whole, undefined)).toBe(whole);
});

test('a click finds the nearest curve, on either axis, and none that is too far', () => {
  const area = { left: 50, top: 10, width: 100, height: 100 };
  const curve = (id: string, y: number) => ({
    id,
    xs: Float64Array.of(1, 10, 100),
    ys: Float64Array.of(y, y, Number.NaN),
    colour: '#000',
    dash: [],
  });
  const curves = [curve('low', 10), curve('high', 1000)];
  const linear = { x: { min: 0, max: 100, logarithmic: false }, y: { min: 0, max: 1000, logarithmic: false } };
  expect(nearestCurve(curves, { x: 61, y: 108 }, { area, axes: linear, reach: 24 })).toEqual({
    id: 'low',
    x: 10,
    y: 10,
  });
  expect(nearestCurve(curves, { x: 61, y: 60 }, { area, axes: linear, reach: 24 })).toBeNull();
  const logarithmic = { x: { min: 1, max: 100, logarithmic: true }, y: { min: 1, max: 1e4, logarithmic: true } };
  expect(nearestCurve(curves, { x: 99, y: 36 }, { area, axes: logarithmic, reach: 24 })).toEqual({
    id: 'high',
    x: 10,
    y: 1000,
  });
});
