/** Colours and dashes of curves: twenty are all different. */
import { contrastRatio } from './colour-vision.ts';

export interface CurveStyle {
  colour: string;
  dash: number[];
}

/** A shape that stands on a curve here and there; names of chart.js. */
export type CurveMarker = 'circle' | 'rect' | 'triangle';

type Scheme = 'light' | 'dark';

/** The second cue, for those that share a colour. */
export const curveDashes: readonly number[][] = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
const markers: readonly (CurveMarker | null)[] = [null, 'circle', 'rect', 'triangle'];

/** A noisy curve in dashes cannot be read: from so many points on it has markers, unless it is smoothed. */
const noisyPoints = 200;

/** What goes with a dash, where curves cannot have any. */
export function markerOf(dash: readonly number[]): CurveMarker | null {
  return markers[curveDashes.findIndex((one) => one.join() === dash.join())] ?? null;
}

/** How a curve is told from others of its colour: by its dash, or, where it has many points, by markers on it. */
export function secondCue(
  { dash }: Pick<CurveStyle, 'dash'>,
  { points, smoothed }: { points: number; smoothed: boolean },
): { dash: number[]; marker: CurveMarker | null } {
  return smoothed || points < noisyPoints ? { dash, marker: null } : { dash: [], marker: markerOf(dash) };
}

/** Of any two of a scheme, the distance is kept as great as it can be for all kinds of vision (colour-vision.ts). */
const colours = {
  light: ['#2a5cda', '#a74a04', '#098777', '#7a0a66', '#a1942f'],
  dark: ['#4490fe', '#e78d02', '#5addc7', '#db428e', '#fde836'],
} as const;

/** What charts are drawn on. */
const grounds = { light: '#ffffff', dark: '#1b1d21' } as const;

/** WCAG 2.2, 1.4.11: what is drawn stands out from its ground by this. */
const leastContrast = 3;

/** All colours of a scheme, in the order in which curves take them. */
export function curveColours(scheme: Scheme): readonly string[] {
  return colours[scheme];
}

/**
 * A colour as a scheme shows it. One of the other scheme's own is its namesake here; any other stays as it is where it
 * stands out from the ground, and is darkened or lightened no further than until it does.
 *
 * @param colour as `#rrggbb`
 */
export function inScheme(colour: string, scheme: Scheme): string {
  const wanted = colour.toLowerCase();
  const own: readonly string[] = colours[scheme === 'light' ? 'dark' : 'light'];
  const namesake = colours[scheme][own.indexOf(wanted)];
  if (namesake) return namesake;
  const end = scheme === 'light' ? 0 : 255;
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = towards(wanted, end, share);
    if (contrastRatio(mixed, grounds[scheme]) >= leastContrast) return mixed;
  }
  return towards(wanted, end, 1);
}

function towards(colour: string, end: number, share: number): string {
  const parts = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16);
    const mixed = Math.round(value + (end - value) * share);
    return mixed.toString(16).padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/** What a run has where nobody gave it another, chosen by its id alone (FNV-1a). */
export function runColour(id: string, scheme: Scheme): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  const offered = curveColours(scheme);
  return offered[(hash >>> 0) % offered.length]!;
}

export function curveStyle(index: number, scheme: Scheme): CurveStyle {
  const offered = curveColours(scheme);
  return { colour: offered[index % offered.length]!, dash: curveDashes[index % curveDashes.length]! };
}
