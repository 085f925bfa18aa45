/** The table as data: everything that the other formats say, in full precision; NaN and infinities as words. */
import { stringifyNumbers } from '../../numbers.ts';
import type { ResultsTable } from '../table.ts';

export function writeJson(table: ResultsTable): string {
  return `${stringifyNumbers(tableRecord(table), 2)}\n`;
}

function tableRecord({ columns, rows, grouped, notes, remarks }: ResultsTable) {
  return {
    grouped,
    columns: columns.map(({ field, label, unit, better }) => ({ field, label, unit, better: better ?? null })),
    rows: rows.map(({ name, runIds, cells, published }) => ({
      name,
      runs: runIds,
      ...(published && { published }),
      cells: Object.fromEntries(
        cells.map(({ text, value, summary, notFinite, protocol, rank }, index) => [
          columns[index]!.field,
          {
            value,
            text,
            ...(summary && {
              n: summary.n,
              notFinite,
              deviation: absent(summary.deviation),
              interval: summary.interval,
            }),
            ...(protocol !== null && { protocol }),
            ...(rank && { rank }),
          },
        ]),
      ),
    })),
    protocols: notes,
    remarks,
  };
}

/** One value has no deviation. */
function absent(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
