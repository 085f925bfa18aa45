/** What may be said of a few runs that differ by their seed: means with intervals, and whether two of them differ. */

export interface Summary {
  n: number;
  mean: number;
  /** Sample deviation (n - 1); NaN for one value. */
  deviation: number;
  /** 95 % confidence interval of the mean by Student's t; null for fewer than two values. */
  interval: [low: number, high: number] | null;
}

/** Of the values that are finite. */
export function summarise(values: readonly number[]): Summary {
  const finite = values.filter(Number.isFinite);
  const n = finite.length;
  const mean = finite.reduce((sum, value) => sum + value, 0) / n;
  const deviation = Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = n > 1 ? (studentT975(n - 1) * deviation) / Math.sqrt(n) : Number.NaN;
  return { n, mean, deviation: n > 1 ? deviation : Number.NaN, interval: n > 1 ? [mean - half, mean + half] : null };
}

export interface PairedComparison {
  /** Seeds that both sides have. */
  pairs: number;
  meanDelta: number;
  /** 95 % percentile interval of the mean difference, bootstrapped over the pairs; null for fewer than two. */
  interval: [low: number, high: number] | null;
  /** Two-sided, by flipping the signs of the differences; the least it can be with these pairs is 2 / 2^pairs. */
  p: number;
  leastP: number;
  verdict: 'differs' | 'not-separable' | 'too-few-pairs';
  /** How many more pairs an effect of this size would need (power 0.8 at p < 0.05); null where that cannot be told. */
  morePairs: number | null;
}

/** With fewer pairs than these, no outcome whatever gives p < 0.05 by flipping signs: 2 / 2^5 = 0.0625. */
const fewestPairs = 6;
const enumeratedPairs = 16;
const draws = 20_000;

/** b against a, pair by pair (same seed): the deltas are b - a. */
export function comparePaired(deltas: readonly number[]): PairedComparison {
  const pairs = deltas.length;
  const { mean, deviation } = summarise(deltas);
  const p = pairs === 0 ? 1 : signFlipP(deltas);
  const leastP = Math.min(1, 2 / 2 ** pairs);
  const verdict = p < 0.05 ? 'differs' : pairs < fewestPairs ? 'too-few-pairs' : 'not-separable';
  return {
    pairs,
    meanDelta: mean,
    interval: pairs > 1 ? bootstrapInterval(deltas) : null,
    p,
    leastP,
    verdict,
    morePairs: verdict === 'differs' ? null : pairsMissing(pairs, mean, deviation),
  };
}

/** (z(0.975) + z(0.8))^2 (deviation / mean)^2 pairs see a true difference of this size four times in five. */
function pairsMissing(pairs: number, mean: number, deviation: number): number | null {
  if (!Number.isFinite(deviation) || mean === 0) return pairs < fewestPairs ? fewestPairs - pairs : null;
  const needed = Math.ceil(((1.959964 + 0.841621) * (deviation / mean)) ** 2);
  return Math.max(1, Math.max(fewestPairs, needed) - pairs);
}

/** Share of sign patterns whose mean is at least as far from 0; all of them where there are few, else drawn. */
function signFlipP(deltas: readonly number[]): number {
  const observed = Math.abs(sum(deltas));
  // Sums of the same numbers in another order may differ in the last bits.
  const least = observed - 1e-9 * deltas.reduce((total, delta) => total + Math.abs(delta), 0);
  if (deltas.length <= enumeratedPairs) {
    const patterns = 2 ** deltas.length;
    let asFar = 0;
    for (let pattern = 0; pattern < patterns; pattern++) {
      const flipped = deltas.reduce((total, delta, bit) => total + ((pattern >> bit) & 1 ? -delta : delta), 0);
      if (Math.abs(flipped) >= least) asFar++;
    }
    return asFar / patterns;
  }
  const random = drawsFrom(1);
  let asFar = 0;
  for (let draw = 0; draw < draws; draw++) {
    const flipped = deltas.reduce((total, delta) => total + (random() < 0.5 ? -delta : delta), 0);
    if (Math.abs(flipped) >= least) asFar++;
  }
  // The observed pattern is one of them (Phipson and Smyth 2010).
  return (asFar + 1) / (draws + 1);
}

function bootstrapInterval(deltas: readonly number[]): [number, number] {
  const random = drawsFrom(2);
  const n = deltas.length;
  const means = Float64Array.from({ length: draws }, () => {
    let total = 0;
    for (let i = 0; i < n; i++) total += deltas[Math.floor(random() * n)]!;
    return total / n;
  }).sort();
  return [means[Math.floor(0.025 * draws)]!, means[Math.ceil(0.975 * draws) - 1]!];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** mulberry32: the same draws each time, so that a table does not change when it is looked at again. */
function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** 97.5 % quantile of Student's t: tabulated below 10 degrees of freedom, then Abramowitz and Stegun 26.7.5. */
function studentT975(freedom: number): number {
  const table = [12.7062047, 4.3026527, 3.1824463, 2.7764451, 2.5705818, 2.4469119, 2.3646243, 2.3060041, 2.2621572];
  const tabulated = table[freedom - 1];
  if (tabulated !== undefined) return tabulated;
  const z = 1.959963985;
  const n = freedom;
  return (
    z +
    (z ** 3 + z) / (4 * n) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92160 * n ** 4)
  );
}
