/** Points of a projection as files: a table for other programs, and a picture. */
import { writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { writeAtomically } from '../system/write-atomically.ts';

export interface ScatterPoint {
  path: string;
  /** Name of its class; empty without one. */
  label: string;
  /** Place of the class; -1 without one. */
  group: number;
  x: number;
  y: number;
  /** Of a static set, by number: 0 is the original. */
  view: number | null;
}

/** `path,label,x,y` and, for static sets, `view`; text is quoted where it must be (RFC 4180). */
export function writePoints(path: string, points: readonly ScatterPoint[]): void {
  const withViews = points.some(({ view }) => view !== null);
  const lines = points.map(({ path, label, x, y, view }) =>
    [quoted(path), quoted(label), x, y, ...(withViews ? [view] : [])].join(','),
  );
  writeAtomically(path, `${[`path,label,x,y${withViews ? ',view' : ''}`, ...lines].join('\n')}\n`);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const side = 1000;
const margin = 30;
const legendWidth = 240;
const namedClasses = 30;

/** A PNG: a colour for each class, originals full and views pale, the classes named beside them. */
export async function drawScatter(path: string, points: readonly ScatterPoint[], classes: string[]): Promise<void> {
  const [left, right] = extent(points.map(({ x }) => x));
  const [top, bottom] = extent(points.map(({ y }) => y));
  const scale = (side - 2 * margin) / Math.max(right - left, bottom - top, 1e-12);
  const place = (value: number, first: number, last: number) =>
    (side / 2 + (value - (first + last) / 2) * scale).toFixed(1);
  const radius = Math.max(2, Math.min(6, 250 / Math.sqrt(points.length)));
  const circles = points.map(({ x, y, group, view }) => {
    const opacity = view === null || view === 0 ? 0.9 : 0.45;
    const size = (view ? radius * 0.8 : radius).toFixed(1);
    const at = `cx="${place(x, left, right)}" cy="${place(y, top, bottom)}"`;
    return `<circle ${at} r="${size}" fill="${colourOf(group, classes.length)}" fill-opacity="${opacity}"/>`;
  });
  const named = classes.slice(0, namedClasses);
  const legend = named.map((name, group) => {
    const y = margin + group * 28;
    const short = name.length > 22 ? `${name.slice(0, 21)}…` : name;
    const dot = `<circle cx="${side + 12}" cy="${y}" r="7" fill="${colourOf(group, classes.length)}"/>`;
    return `${dot}<text x="${side + 28}" y="${y + 6}">${escaped(short)}</text>`;
  });
  const more = classes.length - named.length;
  const rest = more > 0 ? `<text x="${side + 28}" y="${margin + named.length * 28 + 6}">and ${more} more</text>` : '';
  const width = side + (classes.length > 0 ? legendWidth : 0);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${side}"><rect width="100%" height="100%" fill="#fff"/>
<g>${circles.join('')}</g><g font-family="Inter, Helvetica, Arial, sans-serif" font-size="17" fill="#222">${legend.join('')}${rest}</g></svg>`;
  writeFileSync(path, await sharp(Buffer.from(svg), { unlimited: true }).png().toBuffer());
}

function extent(values: number[]): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** Neighbouring classes far apart in hue, three levels of lightness. */
function colourOf(group: number, groups: number): string {
  if (group < 0) return '#4a5a6a';
  const hue = groups <= 12 ? (360 * group) / groups : (group * 137.508) % 360; // the golden angle never repeats
  return `hsl(${hue.toFixed(0)},65%,${[45, 58, 35][group % 3]}%)`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
