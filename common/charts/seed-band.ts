/** Curves of runs that differ by their seed alone, as one: their mean and how far they lie apart. */
import { summarise } from '../statistics.ts';

export interface SeedCurve {
  /** Ascending. */
  steps: readonly number[];
  values: readonly number[];
}

export type BandKind = 'range' | 'interval';

export interface SeedBand {
  steps: number[];
  mean: number[];
  low: number[];
  high: number[];
}

/**
 * At each step that all curves have: the mean, and the least and greatest value or the 95 % interval of the mean
 * (Student's t). Where one of them is not finite all three are NaN: a mean of the rest would hide that a seed diverged.
 */
export function seedBand(curves: readonly SeedCurve[], kind: BandKind): SeedBand {
  const band: SeedBand = { steps: [], mean: [], low: [], high: [] };
  const [first] = curves;
  if (!first) return band;
  const places = curves.map(() => 0);
  for (const step of first.steps) {
    const values = curves.map(({ steps, values }, index) => {
      while (places[index]! < steps.length && steps[places[index]!]! < step) places[index]!++;
      return steps[places[index]!] === step ? values[places[index]!]! : undefined;
    });
    if (values.includes(undefined)) continue;
    const [mean, low, high] = spreadOf(values as number[], kind);
    band.steps.push(step);
    band.mean.push(mean);
    band.low.push(low);
    band.high.push(high);
  }
  return band;
}

function spreadOf(values: number[], kind: BandKind): [mean: number, low: number, high: number] {
  if (!values.every(Number.isFinite)) return [Number.NaN, Number.NaN, Number.NaN];
  const { mean, interval } = summarise(values);
  if (kind === 'range') return [mean, Math.min(...values), Math.max(...values)];
  return [mean, interval?.[0] ?? mean, interval?.[1] ?? mean];
}
