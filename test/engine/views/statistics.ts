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
