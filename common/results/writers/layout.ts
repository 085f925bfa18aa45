/** What the formats for reading share: the header's words, the marks of cells, the lines below the table. */

import type { ResultsCell } from '../cells.ts';
import type { ResultsColumn } from '../columns.ts';
import type { OpenTable } from '../open-table.ts';
import { noteLetter, type ResultsRow, type ResultsTable } from '../table.ts';
import { sameWords } from './records.ts';

export const arrows = { maximum: '↑', minimum: '↓' } as const;

/** "kNN (%)" */
export function headerWords({ label, unit }: ResultsColumn): string {
  return unit ? `${label} (${unit})` : label;
}

/** Numbers to the right. */
export function isNumeric(column: ResultsColumn, rows: readonly ResultsRow[], index: number): boolean {
  return column.decimals !== null || rows.every(({ cells }) => typeof (cells[index]!.value ?? 0) === 'number');
}

/** The letter behind a cell; a column of one protocol has it in its header. */
export function cellMark(table: ResultsTable, index: number, { note }: ResultsCell): string {
  return note === null || columnNote(table, index) !== null ? '' : noteLetter(note);
}

export function columnMark(table: ResultsTable, index: number): string {
  const note = columnNote(table, index);
  return note === null ? '' : noteLetter(note);
}

/** Asked for at every cell: each column of thousands of rows is looked through once. */
const knownNotes = new WeakMap<ResultsTable, (number | null)[]>();

function columnNote(table: ResultsTable, index: number): number | null {
  const known = knownNotes.get(table) ?? table.columns.map((_, place) => onlyNote(table.rows, place));
  knownNotes.set(table, known);
  return known[index]!;
}

/** Of the column's notes, where that is one. */
function onlyNote(rows: readonly ResultsRow[], index: number): number | null {
  let only: number | null = null;
  for (const { cells } of rows) {
    const { note } = cells[index]!;
    if (note === null || note === only) continue;
    if (only !== null) return null;
    only = note;
  }
  return only;
}

export interface Footline {
  /** The letter of a protocol; empty for what is said of all. */
  mark: string;
  text: string;
}

/** @param table of its rows nothing but the published ones is looked at */
export function footlines({
  rows,
  notes,
  remarks,
}: Pick<ResultsTable, 'notes' | 'remarks'> & Pick<OpenTable, 'rows'>): Footline[] {
  const sources = rows.flatMap(({ name, published }) =>
    published ? [{ mark: '', text: `${name}: ${published.source}; same protocol: ${sameWords(published)}.` }] : [],
  );
  return [
    ...notes.map((text, index) => ({ mark: noteLetter(index), text: `${text}.` })),
    ...remarks.map((text) => ({ mark: '', text })),
    ...sources.filter(({ text }, index) => sources.findIndex((other) => other.text === text) === index),
  ];
}

/** Ids of the runs behind each row, so that a number in a paper leads back to its run. */
export function runLines(rows: readonly ResultsRow[]): string[] {
  return rows.flatMap(({ name, runIds }) => (runIds.length > 0 ? [`${name}: ${runIds.join(' ')}`] : []));
}
