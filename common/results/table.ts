/**
 * A table of results: rows are runs, or groups of runs that differ by their seed; columns are any field that a filter
 * knows.
 */
import { parseFilter } from '../filter/filter.ts';
import { filterableRun, runFields } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import type { ResultsCell } from './cells.ts';
import type { ResultsColumn } from './columns.ts';
import type { TableDefinition } from './definition.ts';
import { type OpenTable, openTable } from './open-table.ts';
import type { Published } from './published.ts';

export interface ResultsTable {
  columns: ResultsColumn[];
  rows: ResultsRow[];
  grouped: boolean;
  /** Letter by letter: `notes[0]` is note a. */
  notes: string[];
  /** Said of the whole table. */
  remarks: string[];
}

export interface ResultsRow {
  key: string;
  name: string;
  /** Ids of the runs behind it; none: published. */
  runIds: string[];
  /** That its first run was given, as on Charts; `#rrggbb`. */
  colour?: string;
  cells: ResultsCell[];
  published?: { source: string; sameProtocol: boolean; why: string };
}

/** Runs that a filter fits; throws `usage` naming the place where it cannot be read. */
export function selectRuns(
  runs: readonly RunRecord[],
  filter: string,
  known: ReadonlySet<string> = runFields(runs),
): RunRecord[] {
  const { matches } = parseFilter(filter, known);
  return runs.filter((run) => matches(filterableRun(run)));
}

/**
 * All cells of `openTable`.
 *
 * @param runs those that the filter fits, see `selectRuns`
 * @param known runs whose checkpoints they may evaluate (groups.ts)
 */
export function buildTable(
  runs: readonly RunRecord[],
  definition: TableDefinition,
  published?: Published,
  known: readonly RunRecord[] = runs,
): ResultsTable {
  return wholeTable(openTable(runs, definition, published, known));
}

export function wholeTable(table: OpenTable): ResultsTable {
  const columns = table.columns.map((_, index) => table.column(index));
  const rows = table.rows.map((row, place) => ({ ...row, cells: columns.map((column) => column.cell(place)) }));
  return { columns: table.columns, rows, grouped: table.grouped, notes: table.notes(), remarks: table.remarks() };
}

export function noteLetter(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}
