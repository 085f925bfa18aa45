/** The points of curves as they were measured, for other programs. */
import type { Series } from '../records.ts';
import { csvText } from '../results/writers/separated.ts';

export interface MeasuredCurve {
  run: { id: string; name: string };
  series: Series;
}

/** One line a point: NaN and infinities as such; `points` says how many were measured, where a long curve was thinned. */
export function writeCurvesCsv(curves: readonly MeasuredCurve[]): string {
  const header = ['run', 'name', 'series', 'step', 'epoch', 'time', 'value', 'points'];
  const lines = curves.flatMap(({ run, series }) =>
    series.steps.map((step, index) => [
      run.id,
      run.name,
      series.name,
      step,
      series.epochs[index]!,
      new Date(series.times[index]!).toISOString(),
      series.values[index]!,
      series.count,
    ]),
  );
  return csvText([header, ...lines]);
}
