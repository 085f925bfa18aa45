/** Time left of a run, from when its steps were done. */
import type { Remaining } from './records.ts';

export interface Moment {
  /** Steps done by then. */
  steps: number;
  /** Milliseconds since 1970. */
  time: number;
}

/** Enough steps for a median that a warm-up does not decide. */
const leastSteps = 4;

/**
 * `steps` are the latest steps, `epochs` the latest ends of epochs, both rising and of this segment. Once two epochs have
 * ended their rate counts, for it holds what evaluations and checkpoints cost; before that, the median step's, with a
 * wider range. The range is that of the middle half of what was measured.
 */
export function remainingTime(steps: Moment[], epochs: Moment[], totalSteps: number, nowMs: number): Remaining | null {
  const latest = steps.at(-1);
  if (!latest) return null;
  const stepRates = ratesOf(steps);
  const epochRates = ratesOf(epochs);
  if (stepRates.length < leastSteps) return null;
  const known = epochRates.length > 0;
  const expected = known ? quantile(epochRates, 0.5) : quantile(stepRates, 0.5);
  const spread = epochRates.length >= 4 ? epochRates : stepRates;
  const middle = quantile(spread, 0.5) || 1;
  const low = Math.min(quantile(spread, 0.25) / middle, 0.95);
  const high = Math.max(quantile(spread, 0.75) / middle, known ? 1.05 : 1.3);
  const left = Math.max(0, totalSteps - latest.steps) * expected;
  return { lowMs: left * low, expectedMs: left, highMs: left * high, at: new Date(nowMs).toISOString() };
}

/** Milliseconds per step between neighbours. */
function ratesOf(moments: Moment[]): number[] {
  const rates: number[] = [];
  for (let i = 1; i < moments.length; i++) {
    const [before, after] = [moments[i - 1]!, moments[i]!];
    if (after.steps > before.steps) rates.push((after.time - before.time) / (after.steps - before.steps));
  }
  return rates;
}

function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = q * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
}
