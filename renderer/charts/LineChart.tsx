import { useComputedColorScheme } from '@mantine/core';
import type { Chart, ChartData, ChartOptions } from 'chart.js';
import type { EventContext } from 'chartjs-plugin-annotation';
import { type MouseEvent, useMemo, useRef } from 'react';
import { Line } from 'react-chartjs-2';
import type { CurveMarker } from '../../common/charts/curve-style.ts';
import { markerShift, markersOfACurve } from '../../common/charts/marker-places.ts';
import type { Reference } from '../../common/records.ts';
import type { BestMark } from './best-point.ts';
import type { XY } from './collect-curve.ts';
import { chartFont, levelLine, tooltipLook } from './look.ts';
import { axisColours } from './palette.ts';
import './setup.ts';

export interface DrawnCurve {
  label: string;
  points: XY[];
  colour: string;
  dash: number[];
  /** Stands on it here and there, where a dash could not be seen. */
  marker?: CurveMarker | null;
  /** The raw points behind a smoothed curve. */
  faint?: boolean;
  /** Few points, each worth seeing: kNN, epochs. */
  markers?: boolean;
  /** Drawn thicker than the others. */
  strong?: boolean;
}

interface LineChartProps {
  /** What a screen reader says of the picture. */
  description: string;
  curves: DrawnCurve[];
  references: Pick<Reference, 'name' | 'value'>[];
  /** Positions at which a value was not finite. */
  gaps: number[];
  /** Marks with words, which are shown when the pointer is on one. */
  alarms: { x: number; text: string }[];
  /** The best of a curve, with a ring around it. */
  best?: BestMark[];
  logarithmic: boolean;
  logarithmicX?: boolean;
  /** A position in words, and as short as an axis wants it. */
  formatX: (x: number) => string;
  formatTick: (x: number) => string;
  formatY: (y: number) => string;
  formatTickY: (y: number) => string;
  height: number;
  /** Told which curve is clicked, by its place in `curves`. */
  onPick?: (index: number) => void;
}

/** More marks than this say no more than their first. */
const mostGapMarks = 20;
/** Of a longer curve about as many points are left when it is thinned to the width of the plot. */
const mostDrawn = 2000;
/** A click this far from every point of a curve means none, and one that moves further is a drag. */
const pickPixels = 24;
const dragPixels = 6;

/** Curves over one axis, with the levels to read them against. Drag to zoom, double click to see all again. */
export function LineChart(props: LineChartProps) {
  const {
    description,
    curves,
    references,
    gaps,
    alarms,
    best = [],
    logarithmic,
    logarithmicX = false,
    formatX,
    formatTick,
    formatY,
    formatTickY,
    height,
    onPick,
  } = props;
  const scheme = useComputedColorScheme('light');
  const chart = useRef<Chart<'line', XY[]>>(null);
  const pressedAt = useRef({ x: 0, y: 0 });

  const data: ChartData<'line', XY[]> = {
    datasets: curves.map((curve, index) => ({
      label: curve.label,
      data: curve.points,
      borderColor: curve.faint ? `${curve.colour}55` : curve.colour,
      backgroundColor: curve.colour,
      borderDash: curve.faint ? [] : curve.dash,
      borderWidth: curve.faint ? 1 : curve.strong ? 3.25 : 1.75,
      pointStyle: curve.marker ?? 'circle',
      pointRadius: radiiOf(curve, index),
      pointHitRadius: 8,
      order: curve.faint ? 1 : 0,
    })),
  };

  // Options are made anew only when they change: new ones would undo a zoom at every point that arrives.
  const referenceKey = JSON.stringify(references);
  const gapKey = gaps.slice(0, mostGapMarks).join();
  const alarmKey = JSON.stringify(alarms);
  const bestKey = JSON.stringify(best);
  const options = useMemo((): ChartOptions<'line'> => {
    const colours = axisColours[scheme];
    const lines = (JSON.parse(referenceKey) as typeof references).filter(({ value }) => Number.isFinite(value));
    const marks = gapKey === '' ? [] : gapKey.split(',').map(Number);
    return {
      animation: false,
      parsing: false,
      normalized: true,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: {
          type: logarithmicX ? 'logarithmic' : 'linear',
          // Around a single point there would be room on both sides; nothing happens before the start.
          afterDataLimits: (scale) => {
            if (scale.min < 0) scale.min = 0;
          },
          grid: { color: colours.grid, drawTicks: false },
          border: { display: false },
          ticks: {
            color: colours.text,
            font: chartFont,
            maxTicksLimit: 7,
            maxRotation: 0,
            padding: 6,
            callback: asTick(formatTick),
          },
        },
        y: {
          type: logarithmic ? 'logarithmic' : 'linear',
          grid: { color: colours.grid, drawTicks: false },
          border: { display: false },
          // A fixed width keeps charts above one another aligned, and the plot from moving as labels grow.
          afterFit: (scale) => {
            scale.width = 56;
          },
          suggestedMin: lines.length > 0 ? Math.min(...lines.map(({ value }) => value)) : undefined,
          suggestedMax: lines.length > 0 ? Math.max(...lines.map(({ value }) => value)) : undefined,
          ticks: { color: colours.text, font: chartFont, maxTicksLimit: 6, padding: 8, callback: asTick(formatTickY) },
        },
      },
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max' },
        tooltip: {
          ...tooltipLook(scheme),
          animation: false,
          filter: ({ dataset }) => dataset.order !== 1,
          callbacks: {
            title: ([item]) => (item ? formatX(item.parsed.x ?? 0) : ''),
            label: (item) => `${item.dataset.label}  ${formatY(item.parsed.y ?? Number.NaN)}`,
          },
        },
        annotation: {
          animations: { colors: false, numbers: false },
          annotations: [
            ...lines.map(({ name, value }, index) =>
              levelLine(
                value,
                { content: `${name} ${formatY(value)}`, position: index % 2 === 0 ? 'end' : 'center' },
                colours,
              ),
            ),
            ...(JSON.parse(alarmKey) as typeof alarms).map(({ x, text }) => ({
              type: 'line' as const,
              xMin: x,
              xMax: x,
              borderColor: colours.alarm,
              borderWidth: 2,
              hitTolerance: 8,
              label: {
                display: false,
                content: wrapped(text),
                position: 'start' as const,
                backgroundColor: colours.alarm,
                color: '#fff',
                font: { ...chartFont, weight: 'normal' as const },
                padding: { x: 6, y: 4 },
              },
              enter: ({ element }: EventContext) => showLabel(element, true),
              leave: ({ element }: EventContext) => showLabel(element, false),
            })),
            ...(JSON.parse(bestKey) as BestMark[]).map(({ x, y, colour }) => ({
              type: 'point' as const,
              xValue: x,
              yValue: y,
              radius: 6,
              borderColor: colour,
              borderWidth: 1.5,
              backgroundColor: 'transparent',
            })),
            ...marks.map((x) => ({
              type: 'line' as const,
              xMin: x,
              xMax: x,
              borderColor: colours.alarm,
              borderWidth: 1,
              borderDash: [2, 2],
            })),
          ],
        },
        zoom: {
          limits: { x: { min: 'original', max: 'original' } },
          zoom: {
            mode: 'x',
            drag: { enabled: true, backgroundColor: '#4263eb22', borderColor: '#4263eb', borderWidth: 1, threshold: 6 },
          },
        },
      },
    };
  }, [
    scheme,
    referenceKey,
    gapKey,
    alarmKey,
    bestKey,
    logarithmic,
    logarithmicX,
    formatX,
    formatTick,
    formatY,
    formatTickY,
  ]);

  function pick({ nativeEvent, clientX, clientY }: MouseEvent) {
    const { x, y } = pressedAt.current;
    if (!onPick || !chart.current || Math.hypot(clientX - x, clientY - y) > dragPixels) return;
    const options = { intersect: false, axis: 'xy' } as const;
    const [nearest] = chart.current.getElementsAtEventForMode(nativeEvent, 'nearest', options, false);
    if (!nearest) return;
    const away = Math.hypot(nearest.element.x - nativeEvent.offsetX, nearest.element.y - nativeEvent.offsetY);
    if (away <= pickPixels) onPick(nearest.datasetIndex);
  }

  return (
    <div style={{ height, position: 'relative' }}>
      <Line
        // Points keep the colours that they were made with.
        key={scheme}
        ref={chart}
        data={data}
        options={options}
        updateMode="none"
        role="img"
        aria-label={description}
        onMouseDown={({ clientX: x, clientY: y }) => {
          pressedAt.current = { x, y };
        }}
        onClick={pick}
        onDoubleClick={() => chart.current?.resetZoom('none')}
      />
    </div>
  );
}

/** Of all points, or in px of each in turn and from the start again. */
function radiiOf({ points, markers, marker }: DrawnCurve, curve: number): number | number[] {
  if (!marker) return points.length === 1 || (markers && points.length < 60) ? 2.5 : 0;
  const every = Math.max(1, Math.floor(Math.min(points.length, mostDrawn) / markersOfACurve));
  const radii = Array.from({ length: every }, () => 0);
  radii[Math.floor(every * markerShift(curve))] = 4;
  return radii;
}

/** Returns whether the chart is to be drawn again. */
function showLabel(element: EventContext['element'], shown: boolean): boolean {
  const label = element.label;
  if (!label) return false;
  label.options.display = shown;
  return true;
}

/** Lines of some 48 letters: a label does not break its words itself. */
function wrapped(text: string): string[] {
  return text.match(/.{1,48}(?:\s|$)/g) ?? [text];
}

function asTick(format: (value: number) => string): (value: string | number) => string {
  return (value) => format(Number(value));
}
