/** How far counts of draws are from what they should be. */

/** Pearson's chi-square of counts against equally likely classes. */
export function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** How often each of the whole numbers below `classes` occurs. */
export function countsOf(values: readonly number[], classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const value of values) counts[value]!++;
  return counts;
}

/**
 * Kolmogorov and Smirnov's distance of draws from the uniform distribution over low .. high, times the root of their
 * number: above 1.95 once in a thousand.
 */
export function uniformDistance(values: readonly number[], low: number, high: number): number {
  const ordered = Float64Array.from(values, (value) => (value - low) / (high - low)).sort();
  let distance = 0;
  for (const [index, share] of ordered.entries()) {
    distance = Math.max(distance, share - index / ordered.length, (index + 1) / ordered.length - share);
  }
  return distance * Math.sqrt(ordered.length);
}
