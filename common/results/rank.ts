/** Best and second of each column, among numbers that were measured alike and nowhere else. */
import type { ResultsColumn } from './columns.ts';
import { formatNumber } from './numbers.ts';
import type { ResultsCell, ResultsRow } from './table.ts';

export function rankCells(columns: readonly ResultsColumn[], rows: readonly ResultsRow[]): void {
  columns.forEach((column, index) => {
    if (!column.better) return;
    const cells = rows.map((row) => row.cells[index]!).filter(isRankable);
    for (const alike of Map.groupBy(cells, (cell) => cell.protocolKey).values()) rankAlike(column, alike);
  });
}

type Rankable = ResultsCell & { value: number };

function isRankable(cell: ResultsCell): cell is Rankable {
  // A mean without its diverged runs would look better than it is.
  return (
    typeof cell.value === 'number' && Number.isFinite(cell.value) && cell.protocolKey !== null && cell.notFinite === 0
  );
}

/** Numbers that read the same are the same rank: a digit that nobody sees decides nothing. A number alone has none. */
function rankAlike({ better, decimals }: ResultsColumn, cells: Rankable[]): void {
  const sign = better === 'minimum' ? 1 : -1;
  const shown = (cell: Rankable) => formatNumber(cell.value, decimals);
  const [best, second] = new Set(cells.toSorted((a, b) => sign * (a.value - b.value)).map(shown));
  if (second === undefined) return;
  for (const cell of cells) {
    const text = shown(cell);
    cell.rank = text === best ? 'best' : text === second ? 'second' : null;
  }
}
