/** Best and second of a column, among numbers that were measured alike and nowhere else. */

import type { ResultsCell } from './cells.ts';
import type { ResultsColumn } from './columns.ts';
import { formatNumber } from './numbers.ts';

type Ranked = Pick<ResultsCell, 'value' | 'protocolKey' | 'notFinite'>;
type Rank = ResultsCell['rank'];

/** @param cells all that are in the column */
export function ranksOf(column: ResultsColumn, cells: readonly Ranked[]): (cell: Ranked) => Rank {
  if (!column.better) return () => null;
  const rankable = cells.filter(isRankable);
  const alike = Map.groupBy(rankable, ({ protocolKey }) => protocolKey);
  const ranks = new Map([...alike].map(([key, group]) => [key, rankAlike(column, group)]));
  return (cell) => (isRankable(cell) ? (ranks.get(cell.protocolKey)?.(cell.value) ?? null) : null);
}

type Rankable = Ranked & { value: number };

function isRankable(cell: Ranked): cell is Rankable {
  // A mean without its diverged runs would look better than it is.
  return (
    typeof cell.value === 'number' && Number.isFinite(cell.value) && cell.protocolKey !== null && cell.notFinite === 0
  );
}

/** Numbers that read the same are the same rank: a digit that nobody sees decides nothing. A number alone has none. */
function rankAlike({ better, decimals }: ResultsColumn, cells: readonly Rankable[]): (value: number) => Rank {
  const shown = (value: number) => formatNumber(value, decimals);
  const values = Float64Array.from(cells, ({ value }) => value).sort();
  if (better === 'maximum') values.reverse();
  const best = shown(values[0]!);
  // What is read is in the order of the values, so that few of them are to be written.
  const second = values.find((value) => shown(value) !== best);
  if (second === undefined) return () => null;
  const secondBest = shown(second);
  return (value) => {
    const text = shown(value);
    if (text === best) return 'best';
    return text === secondBest ? 'second' : null;
  };
}
