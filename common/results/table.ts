/**
 * A table of results: rows are runs, or groups of runs that differ by their seed; columns are any field that a filter
 * knows. What is written in each cell is decided here, once, for the page and for every format.
 */
import { parseFilter } from '../filter/filter.ts';
import { filterableRun, runFields, runValue } from '../filter/run-fields.ts';
import type { RunRecord } from '../records.ts';
import { type Summary, summarise } from '../statistics.ts';
import { type ResultsColumn, resultsColumn } from './columns.ts';
import type { TableDefinition } from './definition.ts';
import { groupBySeed, type SeedGroup } from './groups.ts';
import { formatNumber } from './numbers.ts';
import { writtenProtocol } from './protocols.ts';
import type { Published } from './published.ts';
import { publishedRows } from './published-rows.ts';
import { rankCells } from './rank.ts';

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
  cells: ResultsCell[];
  published?: { source: string; sameProtocol: boolean; why: string };
}

export interface ResultsCell {
  /** As it is shown, without marks: "61.20 ± 0.84", "NaN", "resnet18". */
  text: string;
  /** The mean over seeds, or the one value. */
  value: number | string | null;
  /** Of the values that are finite; null where the cell is no number, or is published. */
  summary: Summary | null;
  /** Values that are NaN or infinite: they are in no mean. */
  notFinite: number;
  /** As words; null where nothing was measured. */
  protocol: string | null;
  /** Tells protocols apart, also those of the same words. */
  protocolKey: string | null;
  rank: 'best' | 'second' | null;
  /** Index into the table's notes. */
  note: number | null;
}

/** Runs that a filter fits; throws `usage` naming the place where it cannot be read. */
export function selectRuns(runs: readonly RunRecord[], filter: string): RunRecord[] {
  const { matches } = parseFilter(filter, runFields(runs));
  return runs.filter((run) => matches(filterableRun(run)));
}

/**
 * @param runs those that the filter fits, see `selectRuns`
 * @param known runs whose checkpoints they may evaluate (groups.ts)
 */
export function buildTable(
  runs: readonly RunRecord[],
  definition: TableDefinition,
  published?: Published,
  known: readonly RunRecord[] = runs,
): ResultsTable {
  const columns = definition.columns.map(resultsColumn);
  const inOrder = runs.toSorted((a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id));
  const groups = definition.groupBySeed
    ? groupBySeed(inOrder, known)
    : inOrder.map((run): SeedGroup => ({ key: run.id, name: run.name, runs: [run] }));
  const own = groups.map(
    (group): ResultsRow => ({
      key: group.key,
      name: group.name,
      runIds: group.runs.map(({ id }) => id),
      cells: columns.map((column) => cellOf(group.runs, column)),
    }),
  );
  if (definition.sort) sortRows(own, groups, definition.sort);
  const rows = [...own, ...(published && definition.published ? publishedRows(published, columns, runs) : [])];
  rankCells(columns, rows);
  const notes = numberNotes(rows);
  return { columns, rows, grouped: definition.groupBySeed, notes, remarks: remarksOf(definition, columns, rows) };
}

export function cellOf(runs: RunRecord[], column: ResultsColumn): ResultsCell {
  const values = runs
    .map((run) => runValue(run, column.field))
    .filter((value) => value !== undefined && value !== null);
  const numbers = values.filter((value) => typeof value === 'number');
  const isSetting = column.decimals === null;
  if (values.length === 0) return emptyCell;
  if (isSetting || numbers.length < values.length) return settingCell(values, column);

  const protocols = new Map<string, string>();
  for (const run of runs) {
    const protocol = typeof runValue(run, column.field) === 'number' ? writtenProtocol(run, column.field) : null;
    if (protocol) protocols.set(protocol.key, protocol.words);
  }
  const [key, words] = [...protocols][0] ?? [null, null];
  // A mean over several ways of measuring would be a number without a meaning.
  if (protocols.size > 1)
    return { ...emptyCell, text: 'several protocols', protocol: [...protocols.values()].join('; or ') };
  const summary = summarise(numbers);
  const notFinite = numbers.length - summary.n;
  const value = numbers.length === 1 ? numbers[0]! : summary.n > 0 ? summary.mean : numbers[0]!;
  return {
    ...emptyCell,
    value,
    summary,
    notFinite,
    protocol: words,
    protocolKey: key,
    text: textOf(value, { summary, notFinite, column, rowRuns: runs.length }),
  };
}

interface Shown {
  summary: Summary;
  notFinite: number;
  column: ResultsColumn;
  rowRuns: number;
}

/** "61.20 ± 0.84", and how many runs it is of where that is not all of the row's. */
function textOf(value: number, { summary, notFinite, column, rowRuns }: Shown): string {
  const text = formatNumber(value, column.decimals);
  const half = summary.interval ? (summary.interval[1] - summary.interval[0]) / 2 : null;
  const mean = half === null ? text : `${text} ± ${formatNumber(half, column.decimals)}`;
  const seen = summary.n + notFinite;
  if (rowRuns === 1 || (notFinite === 0 && seen === rowRuns)) return mean;
  const broken = notFinite > 0 && summary.n > 0 ? `, ${notFinite} not finite` : '';
  return `${mean} (n = ${summary.n > 0 ? summary.n : seen}${broken})`;
}

function settingCell(values: (string | number | boolean)[], column: ResultsColumn): ResultsCell {
  const texts = [
    ...new Set(
      values.map((value) => (typeof value === 'number' ? formatNumber(value, column.decimals) : wordOf(value))),
    ),
  ];
  const [only] = values;
  const one = texts.length === 1 && only !== undefined;
  return {
    ...emptyCell,
    text: texts.join(', '),
    value: one ? (typeof only === 'number' ? only : wordOf(only)) : texts.join(', '),
  };
}

function wordOf(value: string | boolean | number): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value);
}

const emptyCell: ResultsCell = {
  text: '',
  value: null,
  summary: null,
  notFinite: 0,
  protocol: null,
  protocolKey: null,
  rank: null,
  note: null,
};

const { compare: compareWords } = new Intl.Collator('en', { numeric: true });

/** What is not a finite number comes last, whichever the direction. */
function sortRows(
  rows: ResultsRow[],
  groups: SeedGroup[],
  { field, descending }: { field: string; descending: boolean },
) {
  const column = resultsColumn({ field });
  const keys = new Map(rows.map((row, index) => [row, cellOf(groups[index]!.runs, column).value]));
  const sign = descending ? -1 : 1;
  const missing = (value: number | string | null | undefined) =>
    value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value));
  rows.sort((a, b) => {
    const [one, other] = [keys.get(a), keys.get(b)];
    if (missing(one) || missing(other)) return Number(missing(one)) - Number(missing(other));
    if (typeof one === 'number' && typeof other === 'number') return sign * (one - other);
    return sign * compareWords(String(one), String(other));
  });
}

/** A note for each protocol, in the order in which a reader meets them. */
function numberNotes(rows: ResultsRow[]): string[] {
  const notes: string[] = [];
  const seen = new Map<string, number>();
  for (const { cells } of rows) {
    for (const cell of cells) {
      if (cell.protocol === null) continue;
      const key = cell.protocolKey ?? cell.protocol;
      const index = seen.get(key) ?? notes.push(cell.protocol) - 1;
      seen.set(key, index);
      cell.note = index;
    }
  }
  return notes;
}

function remarksOf(definition: TableDefinition, columns: ResultsColumn[], rows: ResultsRow[]): string[] {
  const own = rows.filter(({ published }) => !published);
  const remarks: string[] = [];
  if (definition.groupBySeed) {
    const counts = own.map(({ runIds }) => runIds.length);
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const n = counts.length === 0 ? '0' : least === most ? String(least) : `${least} to ${most}`;
    const means = own.some(({ cells }) => cells.some(({ summary }) => summary?.interval));
    remarks.push(
      means
        ? `Mean ± half of the 95 % interval of the mean (Student's t) over runs that differ by their seed alone; n = ${n} a row.`
        : `Runs that differ by their seed alone are one row; n = ${n} a row.`,
    );
  }
  if (columns.some(({ better }) => better)) {
    remarks.push('Best bold, second underlined, each within one protocol.');
  }
  if (own.length < rows.length) remarks.push('Published rows are as their sources have them.');
  return remarks;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function noteLetter(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}
