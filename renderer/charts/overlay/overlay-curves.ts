/** From what the store sends to the curves of an overlay. */
import { type CurveStyle, secondCue } from '../../../common/charts/curve-style.ts';
import { type BandKind, seedBand } from '../../../common/charts/seed-band.ts';
import type { RunRecord, Series } from '../../../common/records.ts';
import { type Axis, positionOf } from '../collect-curve.ts';
import { bufferOf, type PointBuffer } from '../point-buffer.ts';
import { smooth } from '../smoothing.ts';
import type { LayerCurve } from './curve-geometry.ts';

export interface OverlayView {
  axis: Axis;
  smoothingWindow: number;
  logarithmic: boolean;
  logarithmicX: boolean;
}

type Look = CurveStyle;

/** The whole curve, and the part of it that was asked for in finer detail in its place. */
export function withDetail(whole: Series, detail: Series | undefined): Series {
  const [first, last] = [detail?.steps[0], detail?.steps.at(-1)];
  if (!detail || first === undefined || last === undefined) return whole;
  const before = whole.steps.findIndex((step) => step >= first);
  const after = whole.steps.findIndex((step) => step > last);
  const joined = (values: number[], finer: number[]) => [
    ...values.slice(0, before < 0 ? values.length : before),
    ...finer,
    ...(after < 0 ? [] : values.slice(after)),
  ];
  return {
    ...whole,
    steps: joined(whole.steps, detail.steps),
    epochs: joined(whole.epochs, detail.epochs),
    times: joined(whole.times, detail.times),
    values: joined(whole.values, detail.values),
  };
}

const drawn = new WeakMap<Series, { key: string; detail: Series | undefined; curve: LayerCurve }>();

/** The same object as before for the same points and the same view: hundreds come one after another. */
export function runCurve(
  run: RunRecord,
  { whole, detail }: { whole: Series; detail: Series | undefined },
  view: OverlayView,
  look: Look,
): LayerCurve {
  const key = JSON.stringify([view, look, run.totalSteps, run.startedAt]);
  const before = drawn.get(whole);
  if (before?.key === key && before.detail === detail) return before.curve;
  const curve = newCurve(run, withDetail(whole, detail), view, look);
  drawn.set(whole, { key, detail, curve });
  return curve;
}

function newCurve(run: RunRecord, series: Series, view: OverlayView, look: Look): LayerCurve {
  const xs = positionsOf(run, series, view.axis);
  const smoothed = view.smoothingWindow > 0;
  const raw = drawable(series.values, xs, view);
  return {
    id: run.id,
    xs,
    ys: smoothed ? drawable(smooth(series.steps, series.values, view.smoothingWindow), xs, view) : raw,
    raw: smoothed ? raw : undefined,
    ...secondCue(look, { points: series.values.length, smoothed }),
    colour: look.colour,
  };
}

/** The mean of runs that differ by their seed, where all of them were measured; placed by the first of them. */
export function groupCurve(
  key: string,
  members: { run: RunRecord; series: Series }[],
  view: OverlayView,
  { kind, look }: { kind: BandKind; look: Look },
): LayerCurve {
  const [first] = members;
  const { steps, mean, low, high } = seedBand(
    members.map(({ series }) => series),
    kind,
  );
  const place = new Map(first?.series.steps.map((step, index) => [step, index]));
  const positions = first ? positionsOf(first.run, first.series, view.axis) : new Float64Array(0);
  const xs = Float64Array.from(steps, (step) => positions[place.get(step) ?? 0] ?? Number.NaN);
  const shown = (values: number[]) => drawable(smooth(steps, values, view.smoothingWindow), xs, view);
  return {
    id: key,
    xs,
    ys: shown(mean),
    raw: view.smoothingWindow > 0 ? drawable(mean, xs, view) : undefined,
    band: { low: shown(low), high: shown(high) },
    colour: look.colour,
    dash: look.dash,
  };
}

/** The steps of a curve that a range of the axis takes up, with what lies next to it; null where it has none there. */
export function stepsWithin(
  run: RunRecord,
  series: Series,
  axis: Axis,
  range: { min: number; max: number },
): { fromStep: number; toStep: number } | null {
  const xs = positionsOf(run, series, axis);
  const first = xs.findIndex((x) => x >= range.min);
  const last = xs.findLastIndex((x) => x <= range.max);
  if (first < 0 || last < 0) return null;
  return { fromStep: series.steps[Math.max(0, first - 1)]!, toStep: series.steps[Math.min(xs.length - 1, last + 1)]! };
}

function positionsOf(run: RunRecord, series: Series, axis: Axis): Float64Array {
  const buffer: PointBuffer = bufferOf(series);
  const placement = {
    axis,
    stepsPerEpoch: run.totalSteps && run.epochs ? run.totalSteps / run.epochs : null,
    startedAt: Date.parse(run.startedAt ?? run.createdAt),
  };
  return Float64Array.from(buffer.steps, (_, index) => positionOf(buffer, index, placement));
}

function drawable(values: readonly number[], xs: Float64Array, { logarithmic, logarithmicX }: OverlayView) {
  return Float64Array.from(values, (value, index) => {
    const hidden = !Number.isFinite(value) || (logarithmic && value <= 0) || (logarithmicX && xs[index]! <= 0);
    return hidden ? Number.NaN : value;
  });
}
