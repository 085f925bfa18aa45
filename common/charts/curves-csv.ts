/** The points of curves as they were measured, for other programs. */
import type { Series } from '../records.ts';
import { csvText } from '../results/writers/separated.ts';

export const curvesCsvHeader = csvText([['run', 'name', 'series', 'step', 'epoch', 'time', 'value']]);

/** One line a point: NaN and infinities as such. */
export function curveCsvLines(run: { id: string; name: string }, series: Series): string {
  return csvText(
    series.steps.map((step, index) => [
      run.id,
      run.name,
      series.name,
      step,
      series.epochs[index]!,
      new Date(series.times[index]!).toISOString(),
      series.values[index]!,
    ]),
  );
}
