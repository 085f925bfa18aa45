/** Curves and where they lie in a plot: pure, no canvas. */
import type { CurveMarker } from '../../../common/charts/curve-style.ts';

export interface LayerCurve {
  id: string;
  /** Ascending. */
  xs: Float64Array;
  /** NaN is a gap. */
  ys: Float64Array;
  colour: string;
  dash: readonly number[];
  /** Stands on it here and there, where a dash could not be seen. */
  marker?: CurveMarker | null;
  /** The raw points behind a smoothed curve. */
  raw?: Float64Array | undefined;
  /** What the curve is the mean of lies between these. */
  band?: { low: Float64Array; high: Float64Array } | undefined;
}

export interface AxisRange {
  min: number;
  max: number;
  logarithmic: boolean;
}

export interface Axes {
  x: AxisRange;
  y: AxisRange;
}

export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The curve nearest to a place, and its point there; null where none is within `reach` pixels. */
export function nearestCurve(
  curves: readonly LayerCurve[],
  pointer: { x: number; y: number },
  { area, axes, reach }: { area: Area; axes: Axes; reach: number },
): { id: string; x: number; y: number } | null {
  const [x, y] = [linear(axes.x), linear(axes.y)];
  const toX = axes.x.logarithmic ? Math.log10 : (value: number) => value;
  const toY = axes.y.logarithmic ? Math.log10 : (value: number) => value;
  const [across, up] = [area.width / (x[1] - x[0]), area.height / (y[1] - y[0])];
  const at = x[0] + (pointer.x - area.left) / across;
  let [found, least]: [{ id: string; x: number; y: number } | null, number] = [null, reach];
  for (const { id, xs, ys } of curves) {
    const [first, last] = visiblePart(xs, [at - reach / across, at + reach / across], toX);
    for (let index = first; index < last; index++) {
      const away = Math.hypot((toX(xs[index]!) - at) * across, area.top + (y[1] - toY(ys[index]!)) * up - pointer.y);
      if (away < least) [found, least] = [{ id, x: xs[index]!, y: ys[index]! }, away];
    }
  }
  return found;
}

/** The ends of an axis after its logarithm, where it has one. */
export function linear({ min, max, logarithmic }: AxisRange): [number, number] {
  return logarithmic ? [Math.log10(min), Math.log10(max)] : [min, max];
}

/** Places within the range, and one more on either side. */
export function visiblePart(
  xs: Float64Array,
  range: [number, number],
  toLinear: (x: number) => number,
): [number, number] {
  const before = (limit: number) => {
    let [low, high] = [0, xs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (toLinear(xs[middle]!) < limit) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [Math.max(0, before(range[0]) - 1), Math.min(xs.length, before(range[1]) + 1)];
}
