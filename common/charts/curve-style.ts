/**
 * Colours of curves, told apart with deuteranopia and protanopia (after Okabe & Ito 2008), with a dash as the second
 * cue: twenty curves are all different.
 */
export interface CurveStyle {
  colour: string;
  dash: number[];
}

const dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3]];
const light = ['#1f5fbf', '#c2570c', '#0b7a5c', '#a63d87', '#7a6200'];
const dark = ['#6ea8fe', '#ffa05c', '#4cc9a0', '#e58bc8', '#e3c04b'];

/** All colours of a scheme, in the order in which curves take them. */
export function curveColours(scheme: 'light' | 'dark'): readonly string[] {
  return scheme === 'light' ? light : dark;
}

/** What a run has wherever it is shown beside others, chosen by its id alone (FNV-1a). */
export function runColour(id: string, scheme: 'light' | 'dark'): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  const colours = curveColours(scheme);
  return colours[(hash >>> 0) % colours.length]!;
}

export function curveStyle(index: number, scheme: 'light' | 'dark'): CurveStyle {
  const colours = curveColours(scheme);
  return { colour: colours[index % colours.length]!, dash: dashes[index % dashes.length]! };
}
