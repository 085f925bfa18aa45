/** Curves as an SVG picture: for a paper, and for a report that opens without the studio. No script, no other file. */
import type { CurveMarker } from './curve-style.ts';
import { markerPlaces, markersOfACurve } from './marker-places.ts';
import { linearTicks, logarithmicTicks } from './ticks.ts';

export interface SvgCurve {
  label: string;
  /** A y that is not finite is a gap. */
  points: readonly { x: number; y: number }[];
  colour: string;
  dash: readonly number[];
  /** Stands on it here and there. */
  marker?: CurveMarker | null;
  /** The raw points behind a smoothed curve: thin, and not in the legend. */
  faint?: boolean;
  /** What the curve is the mean of lies between these, point by point. */
  band?: { low: readonly { x: number; y: number }[]; high: readonly { x: number; y: number }[] } | undefined;
}

export interface SvgChart {
  title: string;
  xLabel: string;
  curves: readonly SvgCurve[];
  /** Levels to read the curves against. */
  references?: readonly { name: string; value: number }[];
  /** The best points of curves, with a ring around each. */
  best?: readonly { x: number; y: number; colour: string }[];
  logarithmic?: boolean;
  logarithmicX?: boolean;
  formatX?: (x: number) => string;
  formatY?: (y: number) => string;
  width?: number;
  height?: number;
}

const font = 'font-family="Inter, \'Helvetica Neue\', Arial, sans-serif"';
const edge = { top: 34, right: 16, bottom: 40, left: 62 };
const legendLine = 16;

export function svgChart(chart: SvgChart): string {
  const { title, xLabel, curves, logarithmic = false, logarithmicX = false, formatX = plain, formatY = plain } = chart;
  const named = curves.filter(({ faint }) => !faint);
  const { width = 640 } = chart;
  const height = (chart.height ?? 360) + named.length * legendLine;
  const plot = {
    left: edge.left,
    right: width - edge.right,
    top: edge.top,
    bottom: height - edge.bottom - named.length * legendLine,
  };
  const drawable = (y: number) => Number.isFinite(y) && (!logarithmic || y > 0);
  const levels = (chart.references ?? []).filter(({ value }) => drawable(value));
  const shown = curves.flatMap(({ points }) => points.filter(({ x, y }) => drawable(y) && (!logarithmicX || x > 0)));
  const xRange = rangeOf(
    shown.map(({ x }) => x),
    logarithmicX,
  );
  const scaleX = logarithmicX ? Math.log : (value: number) => value;
  const yRange = rangeOf([...shown.map(({ y }) => y), ...levels.map(({ value }) => value)], logarithmic);
  const scale = logarithmic ? Math.log : (value: number) => value;
  const placeX = (x: number) =>
    plot.left +
    ((scaleX(x) - scaleX(xRange.low)) / (scaleX(xRange.high) - scaleX(xRange.low))) * (plot.right - plot.left);
  const placeY = (y: number) =>
    plot.bottom -
    ((scale(y) - scale(yRange.low)) / (scale(yRange.high) - scale(yRange.low))) * (plot.bottom - plot.top);

  const yTicks = logarithmic ? logarithmicTicks(yRange.low, yRange.high) : linearTicks(yRange.low, yRange.high, 6);
  const grid = yTicks.flatMap((y) => [
    `<line x1="${plot.left}" x2="${plot.right}" y1="${at(placeY(y))}" y2="${at(placeY(y))}" stroke="#e4e7eb"/>`,
    `<text x="${plot.left - 8}" y="${at(placeY(y) + 4)}" text-anchor="end" fill="#5c636b">${escaped(formatY(y))}</text>`,
  ]);
  const xTicks = logarithmicX ? logarithmicTicks(xRange.low, xRange.high) : linearTicks(xRange.low, xRange.high, 7);
  const marks = xTicks.map(
    (x) =>
      `<text x="${at(placeX(x))}" y="${plot.bottom + 16}" text-anchor="middle" fill="#5c636b">${escaped(formatX(x))}</text>`,
  );
  const references = levels.flatMap(({ name, value }) => {
    const y = placeY(value);
    return [
      `<line x1="${plot.left}" x2="${plot.right}" y1="${at(y)}" y2="${at(y)}" stroke="#868e96" stroke-dasharray="4 4"/>`,
      `<text x="${plot.right}" y="${at(y - 4)}" text-anchor="end" fill="#5c636b">${escaped(`${name} ${formatY(value)}`)}</text>`,
    ];
  });
  const lines = curves.flatMap(({ points, colour, dash, faint }) =>
    stretches(points, drawable).map((stretch) => {
      const stroke = `stroke="${colour}" stroke-width="${faint ? 1 : 1.75}"${faint ? ' stroke-opacity="0.33"' : ''}`;
      if (stretch.length === 1) {
        const [{ x, y }] = stretch as [{ x: number; y: number }];
        return `<circle cx="${at(placeX(x))}" cy="${at(placeY(y))}" r="2.5" fill="${colour}"/>`;
      }
      const path = stretch.map(({ x, y }) => `${at(placeX(x))},${at(placeY(y))}`).join(' ');
      const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
      return `<polyline points="${path}" fill="none" stroke-linejoin="round" ${stroke}${dashes}/>`;
    }),
  );
  const markers = curves.flatMap(({ points, colour, marker }, index) => {
    if (!marker) return [];
    const seen = points.filter(({ x, y }) => drawable(y) && (!logarithmicX || x > 0));
    return markerPlaces(
      seen.map(({ x }) => placeX(x)),
      (plot.right - plot.left) / markersOfACurve,
      index,
    ).map((place) => {
      const { x, y } = seen[place]!;
      return shapeAt(marker, placeX(x), placeY(y), colour);
    });
  });
  const bands = curves.flatMap(({ band, colour }) => {
    if (!band) return [];
    const place = ({ x, y }: { x: number; y: number }) => `${at(placeX(x))},${at(placeY(y))}`;
    return bandStretches(band.low, band.high, drawable).map(
      ([low, high]) =>
        `<polygon points="${[...low, ...high.toReversed()].map(place).join(' ')}" fill="${colour}" fill-opacity="0.2"/>`,
    );
  });
  const rings = (chart.best ?? [])
    .filter(({ y }) => drawable(y))
    .map(
      ({ x, y, colour }) =>
        `<circle cx="${at(placeX(x))}" cy="${at(placeY(y))}" r="5" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    );
  const legend = named.map(({ label, colour, dash, marker }, index) => {
    const y = height - named.length * legendLine + index * legendLine + 4;
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.join(' ')}"` : '';
    return (
      `<line x1="${plot.left}" x2="${plot.left + 24}" y1="${y - 4}" y2="${y - 4}" stroke="${colour}" stroke-width="2"${dashes}/>` +
      (marker ? shapeAt(marker, plot.left + 12, y - 4, colour) : '') +
      `<text x="${plot.left + 32}" y="${y}" fill="#1a1d21">${escaped(label)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" ${font} font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${plot.left}" y="20" font-size="13" font-weight="600" fill="#1a1d21">${escaped(title)}</text>`,
    ...grid,
    ...marks,
    `<text x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 32}" text-anchor="middle" fill="#5c636b">${escaped(xLabel)}</text>`,
    ...references,
    ...bands,
    ...lines,
    ...markers,
    ...rings,
    ...legend,
    '</svg>',
    '',
  ].join('\n');
}

/** 3.5 px around its middle. */
function shapeAt(marker: CurveMarker, x: number, y: number, colour: string): string {
  if (marker === 'circle') return `<circle cx="${at(x)}" cy="${at(y)}" r="3.5" fill="${colour}"/>`;
  if (marker === 'rect') return `<rect x="${at(x - 3)}" y="${at(y - 3)}" width="6" height="6" fill="${colour}"/>`;
  const corners = [
    [x, y - 4],
    [x + 4, y + 3],
    [x - 4, y + 3],
  ] as const;
  return `<polygon points="${corners.map(([left, top]) => `${at(left)},${at(top)}`).join(' ')}" fill="${colour}"/>`;
}

/** Never empty: one value alone has room on both sides. */
function rangeOf(values: readonly number[], logarithmic = false): { low: number; high: number } {
  if (values.length === 0) return logarithmic ? { low: 0.1, high: 1 } : { low: 0, high: 1 };
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  if (low < high) return { low, high };
  if (logarithmic) return { low: low / 2, high: low * 2 };
  const room = Math.abs(low) / 2 || 0.5;
  return { low: low - room, high: high + room };
}

type Points = { x: number; y: number }[];

/** The parts of a band between its gaps. */
function bandStretches(
  low: SvgCurve['points'],
  high: SvgCurve['points'],
  drawable: (y: number) => boolean,
): [low: Points, high: Points][] {
  const parts: [Points, Points][] = [[[], []]];
  for (const [index, below] of low.entries()) {
    const above = high[index]!;
    if (drawable(below.y) && drawable(above.y)) {
      parts.at(-1)![0].push(below);
      parts.at(-1)![1].push(above);
    } else if (parts.at(-1)![0].length > 0) parts.push([[], []]);
  }
  return parts.filter(([below]) => below.length > 1);
}

/** The parts of a curve between its gaps. */
function stretches(points: SvgCurve['points'], drawable: (y: number) => boolean): { x: number; y: number }[][] {
  const parts: { x: number; y: number }[][] = [[]];
  for (const point of points) {
    if (drawable(point.y)) parts.at(-1)!.push(point);
    else if (parts.at(-1)!.length > 0) parts.push([]);
  }
  return parts.filter((part) => part.length > 0);
}

/** A hundredth of a pixel is more than anybody sees. */
function at(place: number): string {
  return String(Number(place.toFixed(2)));
}

function plain(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
