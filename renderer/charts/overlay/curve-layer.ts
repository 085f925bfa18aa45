/**
 * Hundreds of curves under an axis that moves. They are drawn once into a picture that is wider than the plot, a few
 * milliseconds of each frame at a time; while the axis moves only the picture does. It is drawn anew, unseen, before the
 * plot reaches its edge, and when the scale changes.
 */
import { markersOfACurve } from '../../../common/charts/marker-places.ts';
import { type Area, type Axes, type LayerCurve, linear, visiblePart } from './curve-geometry.ts';
import { drawMarkers } from './draw-markers.ts';

interface Picture {
  canvas: HTMLCanvasElement;
  /** What it shows, along axes that are linear. */
  x: [low: number, high: number];
  y: [low: number, high: number];
  /** Curves that are in it, then their markers. */
  drawn: number;
  /** Between the markers of a curve. */
  apartPx: number;
}

/** Of a frame of 16 ms, for pictures that are not needed yet. */
const sliceMs = 6;
/** Of what is visible, on either side of it. */
const margin = 1;
const lineWidth = 1.25;

export class CurveLayer {
  #curves: readonly LayerCurve[] = [];
  #shown: Picture | null = null;
  #next: Picture | null = null;
  #stale = true;
  #frame = 0;
  readonly #onReady: () => void;

  /** @param onReady a picture is there that has not been drawn */
  constructor(onReady: () => void) {
    this.#onReady = onReady;
  }

  setCurves(curves: readonly LayerCurve[]): void {
    this.#curves = curves;
    this.#stale = true;
    this.#next = null;
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
  }

  draw(context: CanvasRenderingContext2D, area: Area, axes: Axes): void {
    const [x, y] = [linear(axes.x), linear(axes.y)];
    const picture = this.#shown ?? this.#next;
    if (picture) {
      const [across, up] = [area.width / (x[1] - x[0]), area.height / (y[1] - y[0])];
      context.save();
      context.beginPath();
      context.rect(area.left, area.top, area.width, area.height);
      context.clip();
      context.drawImage(
        picture.canvas,
        area.left + (picture.x[0] - x[0]) * across,
        area.top + (y[1] - picture.y[1]) * up,
        (picture.x[1] - picture.x[0]) * across,
        (picture.y[1] - picture.y[0]) * up,
      );
      context.restore();
    }
    if (this.#isEnough(this.#shown, x, y, area) && !this.#stale) return;
    if (!this.#next || !this.#isEnough(this.#next, x, y, area)) this.#begin(axes, x, y, area);
  }

  /** Whether it shows the range at this scale, with room left on either side. */
  #isEnough(picture: Picture | null, x: [number, number], y: [number, number], area: Area): boolean {
    if (!picture) return false;
    const visible = x[1] - x[0];
    const scale = (area.width * devicePixelRatio) / visible;
    const ownScale = picture.canvas.width / (picture.x[1] - picture.x[0]);
    const sameScale = Math.abs(ownScale / scale - 1) < 0.01 && picture.y[0] === y[0] && picture.y[1] === y[1];
    const [from, to] = this.#extent(x);
    const room = (margin * visible) / 2;
    return sameScale && picture.x[0] <= Math.max(from, x[0] - room) && picture.x[1] >= Math.min(to, x[1] + room);
  }

  /** Of all curves and the visible range, along the linear axis. */
  #linearX: (value: number) => number = (value) => value;
  #extent(x: [number, number]): [number, number] {
    let [from, to] = x;
    for (const { xs } of this.#curves) {
      if (xs.length === 0) continue;
      from = Math.min(from, this.#linearX(xs[0]!));
      to = Math.max(to, this.#linearX(xs.at(-1)!));
    }
    return [from, to];
  }

  #begin(axes: Axes, x: [number, number], y: [number, number], area: Area): void {
    this.#linearX = axes.x.logarithmic ? Math.log10 : (value) => value;
    const visible = x[1] - x[0];
    const [from, to] = this.#extent(x);
    const [low, high] = [Math.max(from, x[0] - margin * visible), Math.min(to, x[1] + margin * visible)];
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round((area.width * devicePixelRatio * (high - low)) / visible));
    canvas.height = Math.max(1, Math.round(area.height * devicePixelRatio));
    const apartPx = (area.width * devicePixelRatio) / markersOfACurve;
    this.#next = { canvas, x: [low, high], y, drawn: 0, apartPx };
    this.#stale = false;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#goOn(axes));
  }

  #goOn(axes: Axes): void {
    const picture = this.#next;
    const context = picture?.canvas.getContext('2d', { willReadFrequently: true });
    if (!picture || !context) return;
    const { canvas, x, y } = picture;
    const across = (value: number) =>
      (((axes.x.logarithmic ? Math.log10(value) : value) - x[0]) / (x[1] - x[0])) * canvas.width;
    const up = (value: number) =>
      (1 - ((axes.y.logarithmic ? Math.log10(value) : value) - y[0]) / (y[1] - y[0])) * canvas.height;
    const startedMs = performance.now();
    const count = this.#curves.length;
    while (picture.drawn < 2 * count && performance.now() - startedMs < sliceMs) {
      const index = picture.drawn++ % count;
      const curve = this.#curves[index]!;
      // Markers are over all curves, as none may hide what another is known by.
      if (picture.drawn > count) {
        if (curve.marker) drawMarkers(context, curve, { across, up, apartPx: picture.apartPx, index });
        continue;
      }
      const part = visiblePart(curve.xs, x, this.#linearX);
      if (curve.band) fillBand(context, curve, curve.band, part, across, up);
      if (curve.raw)
        strokeCurve(context, curve.xs, curve.raw, part, across, up, { ...curve, dash: [], alpha: 0.33, width: 1 });
      strokeCurve(context, curve.xs, curve.ys, part, across, up, { ...curve, alpha: 1, width: lineWidth });
      // What was asked for is drawn when the canvas is read: now, and not all of it when the picture is shown.
      context.getImageData(0, 0, 1, 1);
    }
    if (picture.drawn < 2 * count) {
      this.#frame = requestAnimationFrame(() => this.#goOn(axes));
      if (!this.#shown) this.#onReady();
      return;
    }
    this.#shown = picture;
    this.#next = null;
    this.#onReady();
  }
}

interface Stroke {
  colour: string;
  dash: readonly number[];
  alpha: number;
  width: number;
}

/** One curve straight onto a plot, for those that stand out. */
export function drawCurve(context: CanvasRenderingContext2D, curve: LayerCurve, area: Area, axes: Axes): void {
  const [x, y] = [linear(axes.x), linear(axes.y)];
  const toX = axes.x.logarithmic ? Math.log10 : (value: number) => value;
  const toY = axes.y.logarithmic ? Math.log10 : (value: number) => value;
  const across = (value: number) => area.left + ((toX(value) - x[0]) / (x[1] - x[0])) * area.width;
  const up = (value: number) => area.top + (1 - (toY(value) - y[0]) / (y[1] - y[0])) * area.height;
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  const part = visiblePart(curve.xs, x, toX);
  strokeCurve(context, curve.xs, curve.ys, part, across, up, { ...curve, dash: [], alpha: 1, width: 3 });
  context.restore();
}

function strokeCurve(
  context: CanvasRenderingContext2D,
  xs: Float64Array,
  ys: Float64Array,
  [first, last]: [number, number],
  across: (x: number) => number,
  up: (y: number) => number,
  { colour, dash, alpha, width }: Stroke,
): void {
  context.globalAlpha = alpha;
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = width * devicePixelRatio;
  const pixels = last > first ? across(xs[last - 1]!) - across(xs[first]!) : 0;
  if (last - first > pixels / 3 && last - first > 64) {
    fillColumns(context, xs, ys, [first, last], across, up);
    context.globalAlpha = 1;
    return;
  }
  context.lineJoin = 'bevel';
  context.setLineDash([...dash]);
  context.beginPath();
  let length = 0;
  for (let index = first; index < last; index++) {
    const y = ys[index]!;
    if (Number.isFinite(y)) {
      if (length++ === 0) context.moveTo(across(xs[index]!), up(y));
      else context.lineTo(across(xs[index]!), up(y));
    }
    const ends = index + 1 === last || !Number.isFinite(y);
    // A point between two gaps has no line: it is a dot.
    if (ends && length === 1) {
      const alone = Number.isFinite(y) ? index : index - 1;
      context.fillRect(across(xs[alone]!) - 2, up(ys[alone]!) - 2, 4, 4);
    }
    if (ends) length = 0;
  }
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * Of a curve with about as many points as there are pixels: what it takes up of each column of pixels. It looks like the
 * line, and costs a hundredth of what a path does that crosses itself at every pixel.
 */
function fillColumns(
  context: CanvasRenderingContext2D,
  xs: Float64Array,
  ys: Float64Array,
  [first, last]: [number, number],
  across: (x: number) => number,
  up: (y: number) => number,
): void {
  const thick = Math.max(1, Math.round(context.lineWidth));
  let [column, top, bottom] = [Number.NaN, 0, 0];
  const flush = () => {
    if (!Number.isNaN(column))
      context.fillRect(column, Math.round(top - thick / 2), thick, Math.ceil(bottom - top) + thick);
  };
  const include = (at: number, from: number, to: number) => {
    if (at !== column) {
      flush();
      [column, top, bottom] = [at, Math.min(from, to), Math.max(from, to)];
    } else {
      top = Math.min(top, from, to);
      bottom = Math.max(bottom, from, to);
    }
  };
  let [beforeX, beforeY] = [Number.NaN, Number.NaN];
  for (let index = first; index < last; index++) {
    if (!Number.isFinite(ys[index])) {
      beforeX = Number.NaN;
      continue;
    }
    const [x, y] = [across(xs[index]!), up(ys[index]!)];
    if (Number.isNaN(beforeX) || Math.floor(x) === Math.floor(beforeX)) {
      include(Math.floor(x), Number.isNaN(beforeX) ? y : beforeY, y);
    } else {
      const slope = (y - beforeY) / (x - beforeX);
      const height = (border: number) => beforeY + slope * (Math.min(Math.max(border, beforeX), x) - beforeX);
      for (let at = Math.floor(beforeX); at <= Math.floor(x); at++) include(at, height(at), height(at + 1));
    }
    [beforeX, beforeY] = [x, y];
  }
  flush();
}

function fillBand(
  context: CanvasRenderingContext2D,
  { xs, colour }: LayerCurve,
  { low, high }: { low: Float64Array; high: Float64Array },
  [first, last]: [number, number],
  across: (x: number) => number,
  up: (y: number) => number,
): void {
  context.globalAlpha = 0.2;
  context.fillStyle = colour;
  for (let start = first; start < last; start++) {
    let end = start;
    while (end < last && Number.isFinite(low[end]) && Number.isFinite(high[end])) end++;
    if (end - start < 2) continue;
    context.beginPath();
    for (let index = start; index < end; index++) context.lineTo(across(xs[index]!), up(low[index]!));
    for (let index = end - 1; index >= start; index--) context.lineTo(across(xs[index]!), up(high[index]!));
    context.fill();
    start = end;
  }
  context.globalAlpha = 1;
}
