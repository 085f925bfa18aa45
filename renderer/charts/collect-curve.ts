/** From measured points to what a chart draws: pure, no chart library. */
import { isOfSteps, type PointBuffer } from './point-buffer.ts';
import { smooth } from './smoothing.ts';

/** `time`: since the start of the run; `wall`: by the clock. */
export type Axis = 'step' | 'epoch' | 'time' | 'wall';

export interface CurveOptions {
  axis: Axis;
  /** To place a step within its epoch; null before the run has planned its steps. */
  stepsPerEpoch: number | null;
  /** Milliseconds since 1970 at which the time axis starts. */
  startedAt: number;
  /** Steps over which the curve is smoothed; 0 for none. */
  smoothingWindow: number;
  logarithmic: boolean;
  /** The horizontal axis: what lies at 0 or before it is left out. */
  logarithmicX?: boolean | undefined;
}

export interface XY {
  x: number;
  y: number;
}

export interface CollectedCurve {
  /** What is drawn in front: smoothed where smoothing is on. */
  line: XY[];
  /** The raw points, drawn faintly behind a smoothed line; empty without smoothing. */
  raw: XY[];
  /** Where a value was not a number or infinite: the curve has a gap there, and a mark. */
  gaps: number[];
}

/**
 * @param buffer the points of one series
 * @returns x in steps, epochs or seconds; y as measured, NaN (a gap) where it cannot be drawn
 */
export function collectCurve(buffer: PointBuffer, options: CurveOptions): CollectedCurve {
  const x = buffer.steps.map((_step, index) => positionOf(buffer, index, options));
  const smoothed = smooth(buffer.steps, buffer.values, options.smoothingWindow);
  const toPoints = (values: readonly number[]) => {
    const points = values.map((value, index) => ({ x: x[index]!, y: drawable(value, options.logarithmic) }));
    return options.logarithmicX ? points.filter((point) => point.x > 0) : points;
  };
  return {
    line: toPoints(smoothed),
    raw: options.smoothingWindow > 0 ? toPoints(buffer.values) : [],
    gaps: x.filter((_position, index) => !Number.isFinite(buffer.values[index])),
  };
}

type Placement = Pick<CurveOptions, 'axis' | 'stepsPerEpoch' | 'startedAt'>;

/** Where a point lies along the axis: in steps, epochs, or seconds (of `wall` since 1970). */
export function positionOf(buffer: PointBuffer, index: number, { axis, stepsPerEpoch, startedAt }: Placement): number {
  if (axis === 'wall') return buffer.times[index]! / 1000;
  if (axis === 'time') return (buffer.times[index]! - startedAt) / 1000;
  const step = buffer.steps[index]!;
  if (axis === 'step') return step;
  if (!isOfSteps(buffer.name)) return buffer.epochs[index]!;
  return stepsPerEpoch ? (step + 1) / stepsPerEpoch : buffer.epochs[index]!;
}

function drawable(value: number, logarithmic: boolean): number {
  if (!Number.isFinite(value) || (logarithmic && value <= 0)) return Number.NaN;
  return value;
}

/** A curve in words, for those who do not see it. */
export function describeCurve(label: string, buffer: PointBuffer, format: (value: number) => string): string {
  const finite = buffer.values.filter(Number.isFinite);
  const last = buffer.values.at(-1);
  if (last === undefined) return `${label}: no points yet.`;
  const broken = buffer.values.length - finite.length;
  const range =
    finite.length > 0
      ? `from ${format(finite[0]!)} to ${format(last)}; least ${format(least(finite))}, greatest ${format(greatest(finite))}`
      : 'no finite value';
  return `${label}: ${buffer.count} points, ${range}${broken > 0 ? `; ${broken} not finite` : ''}.`;
}

// Not Math.min(...values): a curve may hold more values than a call can take arguments.
function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}
