import { markerOf } from '../../common/charts/curve-style.ts';
import type { CurveStyle } from './palette.ts';

/** A piece of a curve as charts draw it: its colour, its dash, and the marker that it has where there are many points. */
export function CurveSample({ style: { colour, dash } }: { style: CurveStyle }) {
  const marker = markerOf(dash);
  return (
    <svg width="26" height="10" aria-hidden="true" style={{ flexShrink: 0 }}>
      <line x1="0" y1="5" x2="26" y2="5" stroke={colour} strokeWidth="2" strokeDasharray={dash.join()} />
      {marker === 'circle' && <circle cx="13" cy="5" r="4" fill={colour} />}
      {marker === 'rect' && <rect x="9.5" y="1.5" width="7" height="7" fill={colour} />}
      {marker === 'triangle' && <polygon points="13,0.5 17.5,9 8.5,9" fill={colour} />}
    </svg>
  );
}
