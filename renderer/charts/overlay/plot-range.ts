/** What of an axis is visible, and how it moves: pure. */
import type { Reference } from '../../../common/records.ts';
import type { LayerCurve } from './curve-geometry.ts';

export interface Range {
  min: number;
  max: number;
}

interface Drawn {
  curves: readonly LayerCurve[];
  references: readonly Pick<Reference, 'name' | 'value'>[];
  logarithmic: boolean;
}

/** Of all curves and levels, with a little room above and below. */
export function extentOf({ curves, references, logarithmic }: Drawn): { x: Range; y: Range } {
  const x = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  const y = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  const include = (range: Range, value: number) => {
    if (!Number.isFinite(value)) return;
    if (value < range.min) range.min = value;
    if (value > range.max) range.max = value;
  };
  for (const { xs, ys, raw, band } of curves) {
    if (xs.length > 0) for (const end of [xs[0]!, xs.at(-1)!]) include(x, end);
    for (const values of [ys, raw, band?.low, band?.high]) for (const value of values ?? []) include(y, value);
  }
  for (const { value } of references) if (!logarithmic || value > 0) include(y, value);
  if (x.min >= x.max) Object.assign(x, Number.isFinite(x.min) ? { max: x.min + 1 } : { min: 0, max: 1 });
  if (y.min > y.max) Object.assign(y, logarithmic ? { min: 0.1, max: 1 } : { min: 0, max: 1 });
  if (logarithmic) return { x, y: { min: y.min / 1.05, max: y.max * 1.05 } };
  const room = (y.max - y.min) * 0.04 || Math.abs(y.max) / 2 || 0.5;
  return { x, y: { min: y.min - room, max: y.max + room } };
}

/** Moved along by a share of its width, and not beyond the ends of `all`. */
export function panned(from: Range, share: number, all: Range, logarithmic: boolean): Range {
  const [to, back] = scaleOf(logarithmic);
  const [low, high] = [to(from.min), to(from.max)];
  const wanted = (high - low) * share;
  const shift = Math.min(Math.max(wanted, to(all.min) - low), to(all.max) - high);
  return { min: back(low + shift), max: back(high + shift) };
}

/** About its middle; null: all is visible. */
export function zoomed(from: Range, factor: number, all: Range, logarithmic: boolean): Range | null {
  const [to, back] = scaleOf(logarithmic);
  const [low, high] = [to(from.min), to(from.max)];
  const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
  if (2 * half >= to(all.max) - to(all.min)) return null;
  return { min: back(Math.max(to(all.min), middle - half)), max: back(Math.min(to(all.max), middle + half)) };
}

type Turn = (value: number) => number;
const same: Turn = (value) => value;

function scaleOf(logarithmic: boolean): [to: Turn, back: Turn] {
  return logarithmic ? [Math.log10, (value) => 10 ** value] : [same, same];
}
