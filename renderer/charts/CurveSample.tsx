import type { CurveStyle } from './palette.ts';

/** A piece of a curve as a chart draws it: its colour and its dash. */
export function CurveSample({ style }: { style: CurveStyle }) {
  return (
    <svg width="22" height="6" aria-hidden="true" style={{ flexShrink: 0 }}>
      <line x1="0" y1="3" x2="22" y2="3" stroke={style.colour} strokeWidth="2" strokeDasharray={style.dash.join()} />
    </svg>
  );
}
