/**
 * A table of results whose cells are worked out when they are looked at. What a cell shows beyond its own runs (its rank
 * in the column, the letter of its note in the table) is found from values and protocols alone, without writing any cell.
 */
import type { RunRecord } from '../records.ts';
import { cellOfGroup, type ResultsCell } from './cells.ts';
import { type ResultsColumn, resultsColumn } from './columns.ts';
import type { TableDefinition } from './definition.ts';
import { groupBySeed, groupOf, type SeedGroup, seedCount } from './groups.ts';
import { findNotes, type Notes } from './notes.ts';
import { protocolReader } from './protocols.ts';
import type { Published } from './published.ts';
import { publishedRows } from './published-rows.ts';
import { ranksOf } from './rank.ts';
import { sortGroups, sortValue } from './sort-groups.ts';
import type { ResultsRow } from './table.ts';

export interface OpenTable {
  columns: ResultsColumn[];
  rows: RowHead[];
  grouped: boolean;
  /** By its index. */
  column: (index: number) => OpenColumn;
  /** Letter by letter: the first is note a. */
  notes: () => string[];
  /** Said of the whole table. */
  remarks: () => string[];
}

export type RowHead = Omit<ResultsRow, 'cells'>;

export interface OpenColumn {
  /** By the index of the row. */
  cell: (row: number) => ResultsCell;
  gist: (row: number) => Gist;
  /** Without its rank and its note. */
  bare: (row: number) => ResultsCell;
  /** The note of all its cells that have one, where that is the same one. */
  onlyNote: () => number | null;
  /** Of a setting: whether all its values are numbers. */
  hasNumbersOnly: () => boolean;
}

/** What the rest of the table needs to know of a cell. */
export interface Gist extends Pick<ResultsCell, 'value' | 'protocolKey' | 'notFinite'> {
  /** Cells with the same one have the same note; null: none. */
  noteKey: string | null;
}

/** For the parameters see `buildTable`. */
export function openTable(
  runs: readonly RunRecord[],
  definition: TableDefinition,
  published?: Published,
  known: readonly RunRecord[] = runs,
): OpenTable {
  const columns = definition.columns.map(resultsColumn);
  const inOrder = runs.toSorted((a, b) => compareText(a.createdAt, b.createdAt) || compareText(a.id, b.id));
  const made = definition.groupBySeed
    ? groupBySeed(inOrder, known)
    : inOrder.map((run) => groupOf(run.id, run.name, [run]));
  const groups = definition.sort ? sortGroups(made, definition.sort) : made;
  const others = published && definition.published ? publishedRows(published, columns, runs) : [];
  const rows = [
    ...groups.map(({ key, name, runs }): RowHead => {
      const colour = runs[0]?.colour;
      return { key, name, runIds: runs.map(({ id }) => id), ...(colour && { colour }) };
    }),
    ...others.map(({ cells: _cells, ...head }): RowHead => head),
  ];
  const opened = new Map<number, OpenColumn>();
  const column = (index: number): OpenColumn => {
    const found = opened.get(index) ?? openColumn(columns[index]!, { groups, others, index, notes });
    opened.set(index, found);
    return found;
  };
  const notes = once(() => findNotes(columns, { groups, others, column }));
  return {
    ...{ columns, rows, grouped: definition.groupBySeed, column },
    notes: () => notes().words,
    remarks: once(() => remarksOf(definition, { columns, groups, column, hasPublished: others.length > 0 })),
  };
}

interface Around {
  groups: readonly SeedGroup[];
  others: readonly ResultsRow[];
  index: number;
  notes: () => Notes;
}

function openColumn(column: ResultsColumn, { groups, others, index, notes }: Around): OpenColumn {
  const written: ResultsCell[] = [];
  const readProtocol = protocolReader(column.field);
  const bare = (row: number): ResultsCell => {
    const group = groups[row];
    written[row] ??= group ? cellOfGroup(group, column) : others[row - groups.length]!.cells[index]!;
    return written[row];
  };
  const gist = (row: number): Gist => {
    const runs = groups[row]?.runs;
    if (runs?.length === 1) return gistOfRun(runs[0]!, column, readProtocol);
    const { value, protocolKey, notFinite, protocol } = bare(row);
    return { value, protocolKey, notFinite, noteKey: protocolKey ?? protocol };
  };
  const gists = once(() => Array.from({ length: groups.length + others.length }, (_, row) => gist(row)));
  const rankOf = once(() => ranksOf(column, gists()));
  return {
    gist,
    bare,
    cell: (row) => {
      const cell = bare(row);
      const noteKey = cell.protocolKey ?? cell.protocol;
      return { ...cell, rank: rankOf()(cell), note: noteKey === null ? null : (notes().of.get(noteKey) ?? null) };
    },
    onlyNote: once(() => {
      const keys = new Set(gists().map(({ noteKey }) => noteKey));
      keys.delete(null);
      const [only] = keys;
      return keys.size === 1 && typeof only === 'string' ? (notes().of.get(only) ?? null) : null;
    }),
    hasNumbersOnly: once(() => {
      for (let row = 0; row < groups.length + others.length; row++) {
        if (typeof (gist(row).value ?? 0) !== 'number') return false;
      }
      return true;
    }),
  };
}

/** As `cellOf` has it for a run alone. */
function gistOfRun(run: RunRecord, column: ResultsColumn, readProtocol: ReturnType<typeof protocolReader>): Gist {
  const value = sortValue(run, column.field);
  if (column.decimals === null || typeof value !== 'number') {
    return { value, protocolKey: null, notFinite: 0, noteKey: null };
  }
  const protocolKey = readProtocol(run)?.key ?? null;
  return { value, protocolKey, notFinite: Number.isFinite(value) ? 0 : 1, noteKey: protocolKey };
}

interface Whole extends Pick<OpenTable, 'columns' | 'column'> {
  groups: readonly SeedGroup[];
  hasPublished: boolean;
}

function remarksOf(definition: TableDefinition, { columns, column, groups, hasPublished }: Whole): string[] {
  const remarks: string[] = [];
  if (definition.groupBySeed) {
    const counts = groups.map(seedCount);
    const least = counts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = counts.reduce((a, b) => Math.max(a, b), 0);
    const n = counts.length === 0 ? '0' : least === most ? String(least) : `${least} to ${most}`;
    const measured = columns.flatMap(({ decimals }, index) => (decimals === null ? [] : [index]));
    const means = counts.some(
      (count, row) => count > 1 && measured.some((index) => column(index).bare(row).summary?.interval),
    );
    remarks.push(
      means
        ? `Mean ± half of the 95 % interval of the mean (Student's t) over runs that differ by their seed alone; n = ${n} a row.`
        : `Runs that differ by their seed alone are one row; n = ${n} a row.`,
    );
  }
  if (columns.some(({ better }) => better)) {
    remarks.push('Best bold, second underlined, each within one protocol.');
  }
  if (hasPublished) remarks.push('Published rows are as their sources have them.');
  return remarks;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function once<Value>(work: () => Value): () => Value {
  let found: { value: Value } | undefined;
  return () => {
    found ??= { value: work() };
    return found.value;
  };
}
