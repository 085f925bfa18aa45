/** A table of results as a spreadsheet: numbers as numbers, what the digits and marks say as formats. */
import type { CellObject, Row } from 'write-excel-file/node';
import writeExcelFile from 'write-excel-file/node';
import { inScheme } from '../../common/charts/curve-style.ts';
import type { ResultsTable } from '../../common/results/table.ts';
import { footlines, headerWords } from '../../common/results/writers/layout.ts';
import { flatten } from '../../common/results/writers/records.ts';
import { withoutTimes } from './zip-times.ts';

/** The same bytes for the same table. */
export async function writeWorkbook(table: ResultsTable): Promise<Uint8Array> {
  const sheets = [
    { sheet: 'Results', data: shownRows(table), columns: widths(table), stickyRowsCount: 1, stickyColumnsCount: 1 },
    { sheet: 'Data', data: dataRows(table), stickyRowsCount: 1 },
  ];
  return withoutTimes(await writeExcelFile(sheets).toBuffer());
}

const bold = { fontWeight: 'bold' } as const;

/** As a reader of the page sees it; the mean alone, so that it stays a number, with its interval in the other sheet. */
function shownRows(table: ResultsTable): Row[] {
  const header = ['Name', ...table.columns.map(headerWords), 'n'];
  const rows = table.rows.map(({ name, runIds, colour, cells }): Row => {
    const shown = cells.map(({ value, rank }, index): CellObject => {
      const marks =
        rank === 'best' ? bold : rank === 'second' ? ({ textDecoration: { underline: true } } as const) : {};
      const decimals = table.columns[index]!.decimals;
      const format = typeof value === 'number' && decimals !== null ? `0.${'0'.repeat(decimals)}` : undefined;
      return {
        ...cellOf(value),
        ...marks,
        ...(format && Number.isFinite(value) ? { format: decimals === 0 ? '0' : format } : {}),
      };
    });
    const edge = colour ? ({ leftBorderStyle: 'thick', leftBorderColor: inScheme(colour, 'light') } as const) : {};
    return [{ ...cellOf(name), ...edge }, ...shown, cellOf(runIds.length || null)];
  });
  const foot = footlines(table).map(({ mark, text }): Row => [cellOf(mark ? `${mark}: ${text}` : text)]);
  return [header.map((value) => ({ ...cellOf(value), ...bold })), ...rows, [], ...foot];
}

/** In full precision, with intervals, protocols and the ids of the runs. */
function dataRows(table: ResultsTable): Row[] {
  const { header, rows } = flatten(table);
  return [header.map((value) => ({ ...cellOf(value), ...bold })), ...rows.map((row) => row.map(cellOf))];
}

/** A spreadsheet has no NaN and no infinity: they are words there. */
function cellOf(value: string | number | null): CellObject {
  if (value === null || value === '') return {};
  if (typeof value === 'number' && Number.isFinite(value)) return { value, type: Number };
  return { value: String(value), type: String };
}

function widths(table: ResultsTable): { width: number }[] {
  const name = Math.min(60, Math.max(12, ...table.rows.map(({ name }) => name.length + 2)));
  return [{ width: name }, ...table.columns.map((column) => ({ width: Math.max(12, headerWords(column).length + 2) }))];
}
