import { useComputedColorScheme } from '@mantine/core';
import { Chart } from 'chart.js';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import type { Reference } from '../../../common/records.ts';
import { axisColours } from '../palette.ts';
import { type LayerCurve, nearestCurve } from './curve-geometry.ts';
import { CurveLayer, drawCurve } from './curve-layer.ts';
import styles from './Overlay.module.css';
import { areaOf, axesOf, overlayFrame } from './overlay-frame.ts';
import { extentOf, panned, type Range, zoomed } from './plot-range.ts';
import '../setup.ts';

export interface HoveredPoint {
  id: string;
  x: number;
  y: number;
}

interface OverlayChartProps {
  description: string;
  curves: readonly LayerCurve[];
  references: Pick<Reference, 'name' | 'value'>[];
  selected: string | null;
  logarithmic: boolean;
  logarithmicX: boolean;
  formatTick: (x: number) => string;
  formatTickY: (y: number) => string;
  height: number;
  onPick: (id: string) => void;
  onHover: (point: HoveredPoint | null) => void;
  /** What is visible along the axis after it has moved; null: all. */
  onRange: (range: Range | null) => void;
}

const reach = 24;
const dragPixels = 6;
const settledMs = 200;

/**
 * Any number of curves. Drag to zoom, with Shift to move along, double click to see all; by keys: arrows, plus, minus, 0.
 * The axes, the grid and the levels are chart.js's; curves are a layer of their own (curve-layer.ts).
 */
export function OverlayChart(props: OverlayChartProps) {
  const { description, curves, references, selected, logarithmic, logarithmicX, formatTick, formatTickY, height } =
    props;
  const scheme = useComputedColorScheme('light');
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line'> | null>(null);
  const layer = useRef<CurveLayer | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const extent = useRef({ x: { min: 0, max: 1 }, y: { min: 0, max: 1 } });
  const hovered = useRef<string | null>(null);
  const visible = useRef<Range | null>(null);
  const drag = useRef<{ x: number; y: number; range: Range; moves: boolean } | null>(null);
  const [box, setBox] = useState<{ left: number; width: number } | null>(null);
  const settled = useRef(0);
  const frame = useRef(0);
  const referenceKey = JSON.stringify(references);

  // A new chart for new axes; curves come and go without one.
  useEffect(() => {
    if (!canvas.current) return;
    const lines = JSON.parse(referenceKey) as typeof references;
    extent.current = extentOf({ curves: latest.current.curves, references: lines, logarithmic });
    const drawing = new CurveLayer(() => chart.current?.draw());
    drawing.setCurves(latest.current.curves);
    const configuration = overlayFrame({
      ...{ colours: axisColours[scheme], levels: lines, logarithmic, logarithmicX, formatTick, formatTickY },
      layer: {
        id: 'curve-layer',
        beforeDatasetsDraw: (own) => {
          const [area, axes] = [areaOf(own), axesOf(own)];
          drawing.draw(own.ctx, area, axes);
          const strong = [latest.current.selected, hovered.current];
          for (const curve of latest.current.curves) {
            if (strong.includes(curve.id)) drawCurve(own.ctx, curve, area, axes);
          }
        },
      },
    });
    const made = new Chart(canvas.current, configuration);
    chart.current = made;
    layer.current = drawing;
    visible.current = null;
    show(null);
    return () => {
      drawing.dispose();
      made.destroy();
      chart.current = null;
    };
  }, [scheme, logarithmic, logarithmicX, formatTick, formatTickY, referenceKey]);

  useEffect(() => {
    extent.current = extentOf({ curves, references: JSON.parse(referenceKey), logarithmic });
    layer.current?.setCurves(curves);
    show(visible.current);
  }, [curves, referenceKey, logarithmic]);

  useEffect(() => chart.current?.draw(), [selected]);

  useEffect(() => () => clearTimeout(settled.current), []);

  function show(range: Range | null) {
    const own = chart.current;
    if (!own?.options.scales?.x || !own.options.scales.y) return;
    const all = extent.current;
    visible.current = range;
    Object.assign(own.options.scales.x, range ?? all.x);
    Object.assign(own.options.scales.y, all.y);
    own.update('none');
  }

  /** At the next frame, and told when it has come to rest. */
  function move(range: Range | null) {
    visible.current = range;
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => show(range));
    clearTimeout(settled.current);
    settled.current = window.setTimeout(() => latest.current.onRange(visible.current), settledMs);
  }

  const range = (): Range => visible.current ?? extent.current.x;
  const pan = (from: Range, share: number) => move(panned(from, share, extent.current.x, logarithmicX));
  const zoom = (factor: number) => move(zoomed(range(), factor, extent.current.x, logarithmicX));

  function pressed(event: KeyboardEvent) {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => pan(range(), -0.1),
      ArrowRight: () => pan(range(), 0.1),
      '+': () => zoom(0.5),
      '=': () => zoom(0.5),
      '-': () => zoom(2),
      '0': () => move(null),
    };
    const found = moves[event.key];
    if (!found || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    found();
  }

  function moved({ nativeEvent, buttons }: PointerEvent) {
    const own = chart.current;
    if (!own) return;
    const { offsetX: x, offsetY: y } = nativeEvent;
    const area = areaOf(own);
    if (drag.current && buttons === 0) drag.current = null;
    if (drag.current?.moves) return pan(drag.current.range, (drag.current.x - x) / area.width);
    if (drag.current) {
      const [left, right] = [Math.min(drag.current.x, x), Math.max(drag.current.x, x)];
      return setBox(right - left > dragPixels ? { left, width: right - left } : null);
    }
    const found = nearestCurve(latest.current.curves, { x, y }, { area, axes: axesOf(own), reach });
    if (hovered.current !== (found?.id ?? null)) {
      hovered.current = found?.id ?? null;
      own.draw();
    }
    latest.current.onHover(found);
  }

  function released({ nativeEvent }: PointerEvent) {
    const own = chart.current;
    const started = drag.current;
    drag.current = null;
    setBox(null);
    if (!own || !started) return;
    const { offsetX: x, offsetY: y } = nativeEvent;
    if (Math.hypot(x - started.x, y - started.y) <= dragPixels) {
      const found = nearestCurve(latest.current.curves, { x, y }, { area: areaOf(own), axes: axesOf(own), reach });
      if (found) latest.current.onPick(found.id);
    } else if (!started.moves) {
      const value = (pixel: number) => own.scales.x?.getValueForPixel(pixel) ?? 0;
      const all = extent.current.x;
      const [min, max] = [value(Math.min(started.x, x)), value(Math.max(started.x, x))];
      move({ min: Math.max(all.min, min), max: Math.min(all.max, max) });
    }
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: it holds no fields of a form
    <div
      className={styles.plot}
      style={{ height }}
      role="group"
      aria-label="Curves: arrow keys move along, plus and minus zoom, 0 shows all"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved and zoomed by keys
      tabIndex={0}
      onKeyDown={pressed}
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={description}
        onPointerDown={({ nativeEvent, shiftKey, currentTarget, pointerId }) => {
          currentTarget.setPointerCapture(pointerId);
          drag.current = { x: nativeEvent.offsetX, y: nativeEvent.offsetY, range: range(), moves: shiftKey };
        }}
        onPointerMove={moved}
        onPointerUp={released}
        onPointerLeave={() => latest.current.onHover(null)}
        onDoubleClick={() => move(null)}
      />
      {box && <div className={styles.box} style={box} />}
    </div>
  );
}
