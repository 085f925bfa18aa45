import { markerPlaces } from '../../../common/charts/marker-places.ts';
import type { LayerCurve } from './curve-geometry.ts';

interface MarkerPlaces {
  across: (x: number) => number;
  up: (y: number) => number;
  /** px between two of a curve. */
  apartPx: number;
  /** Of the curve among all. */
  index: number;
}

/** Markers here and there on a curve, counted from its start, so that they stay on it as it moves. */
export function drawMarkers(
  context: CanvasRenderingContext2D,
  { xs, ys, colour, marker }: LayerCurve,
  { across, up, apartPx, index }: MarkerPlaces,
): void {
  const seen = Array.from(ys.keys()).filter((at) => Number.isFinite(ys[at]));
  const lefts = seen.map((at) => across(xs[at]!));
  const size = 4.5 * devicePixelRatio;
  context.fillStyle = colour;
  for (const place of markerPlaces(lefts, apartPx, index)) {
    const [left, top] = [lefts[place]!, up(ys[seen[place]!]!)];
    if (left < -size || left > context.canvas.width + size) continue;
    context.beginPath();
    if (marker === 'circle') context.arc(left, top, size, 0, 2 * Math.PI);
    else if (marker === 'rect') context.rect(left - size, top - size, 2 * size, 2 * size);
    else {
      context.moveTo(left, top - 1.2 * size);
      context.lineTo(left + 1.2 * size, top + size);
      context.lineTo(left - 1.2 * size, top + size);
    }
    context.fill();
  }
}
