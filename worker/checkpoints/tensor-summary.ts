/** What the values of a tensor are like, in one pass for the extremes and one for the histogram. */
import type { TensorSummary } from '../../common/checkpoints.ts';
import type { TensorData } from '../../engine/checkpoints/dtypes.ts';

const bins = 64;

/** Whole numbers beyond 2^53 are rounded. The deviation is that of the population. */
export function summarize(values: TensorData): Omit<TensorSummary, 'name' | 'dtype' | 'shape'> {
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  let finite = 0;
  let notANumber = 0;
  // Welford's recurrence: it does not cancel where the mean is large beside the deviation.
  let mean = 0;
  let squares = 0;
  for (let at = 0; at < values.length; at++) {
    const value = Number(values[at]);
    if (Number.isNaN(value)) notANumber++;
    if (!Number.isFinite(value)) continue;
    finite++;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
    const distance = value - mean;
    mean += distance / finite;
    squares += distance * (value - mean);
  }
  const known = finite > 0;
  return {
    count: values.length,
    notANumber,
    infinite: values.length - finite - notANumber,
    minimum: known ? minimum : null,
    maximum: known ? maximum : null,
    mean: known ? mean : null,
    standardDeviation: known ? Math.sqrt(squares / finite) : null,
    histogram: known ? histogramOf(values, minimum, maximum) : [],
  };
}

/** Of a constant tensor everything is in the first bin. */
function histogramOf(values: TensorData, minimum: number, maximum: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  // Halves, so that the width of the whole range of float64 is still a number.
  const width = maximum / 2 - minimum / 2;
  for (let at = 0; at < values.length; at++) {
    const value = Number(values[at]);
    if (!Number.isFinite(value)) continue;
    const place = width === 0 ? 0 : ((value / 2 - minimum / 2) / width) * bins;
    counts[Math.min(bins - 1, Math.floor(place))]! += 1;
  }
  return counts;
}
