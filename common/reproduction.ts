/** How far a run that was started to repeat another one came out from it. */

export interface CurveDifference {
  series: string;
  /** Compared: those that both runs have. */
  points: number;
  /** That only one of them has. */
  unmatched: number;
  /** |again - first| / max(|again|, |first|), the largest over the points; infinite where only one is finite. */
  largestRelative: number;
  /** Where that is; null where all are equal. */
  atStep: number | null;
}

export interface ResultDifference {
  /** `<result>/<value>`: knn/bestAccuracy, instdisc/top/0. */
  name: string;
  /** Null: the run does not have it. */
  first: number | null;
  again: number | null;
  /** Zero where both are the same, also the same not-a-number; NaN where it cannot be told. */
  difference: number;
}

export interface Reproduction {
  /** The run that is repeated. */
  first: string;
  /**
   * `waiting`: this run has not ended. `unfinished`: one of the two ended early. `gone`: the first run is no longer there.
   * `nothing`: they recorded no number that could be compared.
   */
  state: 'waiting' | 'unfinished' | 'gone' | 'nothing' | 'identical' | 'differs';
  /** Whether both say that they saw the same images; null where one of them does not tell. */
  sameData: boolean | null;
  /** Measurements of time, rate and memory are not among them. */
  curves: CurveDifference[];
  results: ResultDifference[];
}

/** What became of the wish to repeat a run: nothing was started where its images are not known to be the same. */
export type ReproductionStart<Run> =
  | { state: 'launched'; run: Run }
  | { state: 'data-changed' | 'data-unknown'; message: string };

/** One sentence or two. */
export function reproductionWords({ state, sameData, curves, results }: Reproduction): string {
  const data = sameData === false ? ' The images were not the same.' : '';
  if (state === 'waiting') return 'How far apart the two are is said when this one has finished.';
  if (state === 'unfinished') return 'One of the two did not finish, so that they cannot be compared.';
  if (state === 'gone') return 'The run that it repeats is no longer there to compare it with.';
  if (state === 'nothing') return 'Neither of the two has recorded a number to compare.';
  if (state === 'identical') {
    const points = curves.reduce((sum, curve) => sum + curve.points, 0);
    return `Identical bit for bit: ${counted(points, 'point')} and ${counted(results.length, 'result value')}.${data}`;
  }
  return [curvesWords(curves), resultsWords(results)].filter(Boolean).join(' ') + data;
}

function curvesWords(curves: CurveDifference[]): string {
  if (curves.length === 0) return '';
  const loss =
    curves.find(({ series }) => series === 'step/loss') ?? curves.find(({ series }) => /loss$/i.test(series));
  const worst = curves.reduce((most, curve) => (curve.largestRelative > most.largestRelative ? curve : most));
  const unmatched = curves.reduce((sum, curve) => sum + curve.unmatched, 0);
  const missing = unmatched > 0 ? ` ${counted(unmatched, 'point')} only one of them has.` : '';
  const shown = loss ?? worst;
  if (worst.largestRelative === 0) return `The curves are the same where both have points.${missing}`;
  const other = worst === shown ? '' : `; of all curves within ${relative(worst)} (${worst.series})`;
  return `The same within ${relative(shown)} (${shown.series}${placeOf(shown)})${other}.${missing}`;
}

function resultsWords(results: ResultDifference[]): string {
  if (results.length === 0) return '';
  const changed = results.filter(({ difference }) => difference !== 0);
  if (changed.length === 0) return 'All result values are the same.';
  const list = changed.slice(0, 3).map(({ name, difference }) => `${name} ${signed(difference)}`);
  const more = changed.length > 3 ? `, ${changed.length - 3} more` : '';
  return `Result values that differ: ${list.join(', ')}${more}.`;
}

function relative({ largestRelative }: CurveDifference): string {
  return Number.isFinite(largestRelative) ? largestRelative.toExponential(1) : 'no bound: one is not finite';
}

function placeOf({ atStep }: CurveDifference): string {
  return atStep === null ? '' : `, step ${atStep}`;
}

function signed(difference: number): string {
  if (Number.isNaN(difference)) return '(cannot be told)';
  return `${difference > 0 ? '+' : ''}${Number(difference.toPrecision(3))}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
