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

export function curveStyle(index: number, scheme: 'light' | 'dark'): CurveStyle {
  const colours = scheme === 'light' ? light : dark;
  return { colour: colours[index % colours.length]!, dash: dashes[index % dashes.length]! };
}
