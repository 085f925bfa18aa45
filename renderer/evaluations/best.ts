/** Which of several results is the best: pure. */
import type { CheckpointSummary } from '../../common/checkpoints.ts';
import type { Headline } from '../../common/evaluations.ts';
import { isBetter } from '../../common/series.ts';
import type { PlacedCell } from './placed-cell.ts';
import { groupOf } from './selection.ts';

/** The number that a cell is judged by; undefined where there is none, or neither end of it is better. */
export function judgedBy({ cell }: PlacedCell): Headline | undefined {
  return cell?.state === 'known' ? cell.headlines.find(({ better }) => better !== null) : undefined;
}

/** Of equally good ones the first. */
function bestOf(cells: readonly PlacedCell[]): PlacedCell | undefined {
  let best: PlacedCell | undefined;
  for (const one of cells) {
    const [number, than] = [judgedBy(one), best && judgedBy(best)];
    if (number?.better && (!than || isBetter(number.better, number.value, than.value))) best = one;
  }
  return best;
}

/** The best number of a column, where there are others to compare it with. */
export function bestOfColumn(cells: readonly PlacedCell[]): number | undefined {
  const best = cells.filter(judgedBy).length > 1 ? bestOf(cells) : undefined;
  return best && judgedBy(best)?.value;
}

/** The best checkpoint of each run by a column; all of a run of which nothing is known yet. */
export function bestOfEachRun(cells: readonly PlacedCell[]): CheckpointSummary[] {
  return [...Map.groupBy(cells, ({ checkpoint }) => groupOf(checkpoint)).values()].flatMap((group) => {
    const best = bestOf(group);
    return best ? [best.checkpoint] : group.map(({ checkpoint }) => checkpoint);
  });
}
