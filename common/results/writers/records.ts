/** A table for programs: full precision, one column for each number of a cell. */
import type { ResultsTable } from '../table.ts';

export type Field = string | number | null;

export interface FlatTable {
  header: string[];
  rows: Field[][];
}

/** Each measured column of a grouped table brings its interval and its n along; the last columns say where a row is from. */
export function flatten({ columns, rows, grouped }: ResultsTable): FlatTable {
  const isMeasured = columns.map(({ decimals }) => decimals !== null);
  const withSource = rows.some(({ published }) => published);
  const header = [
    'name',
    ...columns.flatMap(({ field }, index) =>
      grouped && isMeasured[index]
        ? [field, `${field} ci95 low`, `${field} ci95 high`, `${field} n`, `${field} not finite`]
        : [field],
    ),
    ...(grouped ? ['n'] : []),
    'protocols',
    ...(withSource ? ['source', 'same protocol'] : []),
    'runs',
  ];
  const lines = rows.map((row): Field[] => [
    row.name,
    ...row.cells.flatMap((cell, index): Field[] => {
      if (!grouped || !isMeasured[index]) return [cell.value];
      const [low, high] = cell.summary?.interval ?? [null, null];
      return [cell.value, low, high, cell.summary?.n ?? null, cell.summary ? cell.notFinite : null];
    }),
    ...(grouped ? [row.runIds.length || null] : []),
    row.cells
      .flatMap(({ protocol }, index) => (protocol === null ? [] : [`${columns[index]!.field}: ${protocol}`]))
      .join('; '),
    ...(withSource ? [row.published?.source ?? '', sameWords(row.published)] : []),
    row.runIds.join(' '),
  ]);
  return { header, rows: lines };
}

export function sameWords(published: { sameProtocol: boolean; why: string } | undefined): string {
  if (!published) return '';
  return published.sameProtocol ? 'yes' : `no (${published.why})`;
}
