/** What chart.js draws of an overlay: the axes, the grid, the levels and the marks; the curves are a layer of their own. */
import type { Chart, ChartConfiguration, Plugin } from 'chart.js';
import type { Reference } from '../../../common/records.ts';
import { chartFont, levelLine } from '../look.ts';
import type { axisColours } from '../palette.ts';
import type { Area, Axes } from './curve-geometry.ts';

interface Frame {
  colours: (typeof axisColours)['light' | 'dark'];
  levels: readonly Pick<Reference, 'name' | 'value'>[];
  logarithmic: boolean;
  logarithmicX: boolean;
  formatTick: (x: number) => string;
  formatTickY: (y: number) => string;
  /** Draws the curves. */
  layer: Plugin<'line'>;
}

export function overlayFrame(frame: Frame): ChartConfiguration<'line'> {
  const { colours, levels, logarithmic, logarithmicX, formatTick, formatTickY, layer } = frame;
  const grid = { color: colours.grid, drawTicks: false };
  const ticks = { color: colours.text, font: chartFont, maxRotation: 0, padding: 6, includeBounds: false };
  return {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      scales: {
        x: {
          type: logarithmicX ? 'logarithmic' : 'linear',
          grid,
          border: { display: false },
          ticks: { ...ticks, maxTicksLimit: 7, callback: (value) => formatTick(Number(value)) },
        },
        y: {
          type: logarithmic ? 'logarithmic' : 'linear',
          grid,
          border: { display: false },
          ticks: { ...ticks, maxTicksLimit: 6, callback: (value) => formatTickY(Number(value)) },
          afterFit: (scale) => {
            scale.width = 56;
          },
        },
      },
      plugins: {
        tooltip: { enabled: false },
        annotation: {
          annotations: levels.map(({ name, value }) => levelLine(value, { content: name, position: 'end' }, colours)),
        },
      },
    },
    plugins: [layer],
  };
}

export function areaOf({ chartArea: { left, top, width, height } }: Chart<'line'>): Area {
  return { left, top, width, height };
}

export function axesOf({ scales }: Chart<'line'>): Axes {
  const of = (name: 'x' | 'y') => {
    const { min = 0, max = 1, type = 'linear' } = scales[name] ?? {};
    return { min, max, logarithmic: type === 'logarithmic' };
  };
  return { x: of('x'), y: of('y') };
}
