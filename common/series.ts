/** What is known of a series by its name, `<group>/<measurement>`. */

export type Direction = 'minimum' | 'maximum';

/** Which way is better; undefined where neither is. Single steps are too noisy to have a best. */
export function directionOf(series: string): Direction | undefined {
  // A tag that was imported may have more parts than two.
  const measurement = /[^/]*$/.exec(series)![0];
  if (series.startsWith('step/') || !series.includes('/')) return undefined;
  if (/loss$/i.test(measurement)) return 'minimum';
  if (/^(acc|top)\d+$|accuracy$/i.test(measurement)) return 'maximum';
  return undefined;
}

/** A NaN is better than nothing and worse than any number. */
export function isBetter(direction: Direction, value: number, than: number): boolean {
  if (Number.isNaN(than)) return !Number.isNaN(value);
  return direction === 'minimum' ? value < than : value > than;
}
