/** What two runs of the same settings have recorded, number by number. */
import type { RunRecord, Series } from '../../common/records.ts';
import type { CurveDifference, ResultDifference } from '../../common/reproduction.ts';

/** How fast it went and what memory it took is no part of what comes out. */
const ofTheMachine = /(Seconds|PerSecond|Ms|MiB|Bytes|measuredAt|waitShare|\/tensors)$/;
/** Where a result comes from. */
const apart = new Set(['provenance', 'checkpoint', 'checkpoints']);

export function curveDifferences(first: Series[], again: Series[]): CurveDifference[] {
  const names = new Set([...first, ...again].map(({ name }) => name));
  const nothing = { steps: [], values: [] };
  return [...names]
    .filter((name) => !ofTheMachine.test(name))
    .sort()
    .map((name) => ({
      series: name,
      ...differenceOf(
        first.find((one) => one.name === name) ?? nothing,
        again.find((one) => one.name === name) ?? nothing,
      ),
    }));
}

type Curve = Pick<Series, 'steps' | 'values'>;

function differenceOf(first: Curve, again: Curve): Omit<CurveDifference, 'series'> {
  const before = new Map(first.steps.map((step, index) => [step, first.values[index]!]));
  let points = 0;
  let largestRelative = 0;
  let atStep: number | null = null;
  for (const [index, step] of again.steps.entries()) {
    const value = before.get(step);
    if (value === undefined) continue;
    points++;
    const distance = relativeDistance(value, again.values[index]!);
    if (distance > largestRelative) [largestRelative, atStep] = [distance, step];
  }
  return { points, unmatched: first.steps.length + again.steps.length - 2 * points, largestRelative, atStep };
}

function relativeDistance(a: number, b: number): number {
  if (same(a, b)) return 0;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY;
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

export function resultDifferences(first: RunRecord['results'], again: RunRecord['results']): ResultDifference[] {
  const [before, after] = [numbersIn(first), numbersIn(again)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.map((name) => {
    const [a, b] = [before.get(name), after.get(name)];
    const difference = a === undefined || b === undefined ? Number.NaN : same(a, b) ? 0 : b - a;
    return { name, first: a ?? null, again: b ?? null, difference };
  });
}

function same(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

function numbersIn(results: RunRecord['results']): Map<string, number> {
  const found = new Map<string, number>();
  const collect = (value: unknown, path: string) => {
    if (typeof value === 'number') found.set(path, value);
    if (typeof value !== 'object' || value === null) return;
    for (const [key, item] of Object.entries(value)) {
      if (!apart.has(key) && !ofTheMachine.test(key)) collect(item, `${path}/${key}`);
    }
  };
  for (const [name, { values }] of Object.entries(results)) collect(values, name);
  return found;
}
