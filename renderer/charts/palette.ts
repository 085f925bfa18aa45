/** Colours of axes in either scheme; those of curves are the same in every view and export. */
export { type CurveStyle, curveStyle } from '../../common/charts/curve-style.ts';

export const axisColours = {
  light: { grid: '#eceef1', text: '#5c636b', reference: '#868e96', label: '#ffffff', alarm: '#c92a2a' },
  dark: { grid: '#2c2f34', text: '#a0a6ad', reference: '#8b929a', label: '#1b1d21', alarm: '#ff8787' },
} as const;
