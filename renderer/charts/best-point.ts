import { directionOf, isBetter } from '../../common/series.ts';
import type { XY } from './collect-curve.ts';

/** The best point of a curve, marked. */
export interface BestMark extends XY {
  label: string;
  colour: string;
}

/** Of a series that has a better end; the first of equally good ones. */
export function bestPoint(series: string, points: readonly XY[]): XY | null {
  const direction = directionOf(series);
  if (!direction) return null;
  let best: XY | null = null;
  for (const point of points) {
    if (!Number.isFinite(point.y)) continue;
    if (!best || isBetter(direction, point.y, best.y)) best = point;
  }
  return best;
}
