import { Button } from '@mantine/core';
import { type MouseEvent, useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { shownRunColour } from '../../common/charts/run-styles.ts';
import type { TableDefinition } from '../../common/results/definition.ts';
import { comparedRows } from '../../common/results/limits.ts';
import type { OpenTable, RowHead } from '../../common/results/open-table.ts';
import { comparePath, runReference, writeReference } from '../../common/results/references.ts';
import { noteLetter } from '../../common/results/table.ts';
import { arrows, footlines, headerWords } from '../../common/results/writers/layout.ts';
import { CompareButton } from '../compare/CompareButton.tsx';
import { RecordTable } from '../ui/RecordTable.tsx';
import { RowBox } from '../ui/RowBox.tsx';
import { type ColumnLayout, type Columns, columnHelper } from '../ui/table-features.ts';
import styles from './Results.module.css';

interface ResultsTableViewProps {
  table: OpenTable;
  sort: TableDefinition['sort'];
  onSort: (sort: TableDefinition['sort']) => void;
}

const rowHeight = 36;
const column = columnHelper<ResultsLine>();

/** The table as it is exported: best bold, second underlined, a letter for each protocol, the protocols below. */
export function ResultsTableView({ table, sort, onSort }: ResultsTableViewProps) {
  const [, navigate] = useLocation();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { rows } = table;
  const lines = useMemo(() => rows.map((row, place) => ({ id: row.key, row, place })), [rows]);
  const { columns, layouts } = useMemo(() => columnsOf(table, selected, setSelected), [table, selected]);
  const notes = useMemo(() => footlines({ rows: table.rows, notes: table.notes(), remarks: table.remarks() }), [table]);

  /** The better end first, then the other, then as the runs were made. */
  function sortBy(field: string, first: boolean) {
    if (sort?.field !== field) onSort({ field, descending: first });
    else onSort(sort.descending === first ? { field, descending: !first } : undefined);
  }

  const references = [...selected].flatMap((key) => rows.filter((row) => row.key === key).map(referenceOf));

  return (
    <div>
      {references.length > 0 && (
        <Button.Group m="sm">
          <CompareButton references={references} />
          <Button size="xs" variant="default" onClick={() => setSelected(new Set())}>
            Clear
          </Button>
        </Button.Group>
      )}
      <RecordTable
        label="Results"
        className={styles.table}
        rows={lines}
        columns={columns}
        layouts={layouts}
        rowHeight={rowHeight}
        sorting={{ field: sort?.field ?? '', descending: sort?.descending ?? false }}
        onSort={({ field }) => sortBy(field, isBestFirst(table, field))}
        rowClass={({ row }) => row.published && styles.published}
        onOpen={({ row }) => {
          const path = pathOf(row);
          if (path) navigate(path);
        }}
        onEscape={() => setSelected(new Set())}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
      <ul className={styles.notes} aria-label="Notes to the table" tabIndex={0}>
        {notes.map(({ mark, text }) => (
          <li key={`${mark} ${text}`}>
            {mark && <sup>{mark}</sup>} {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ResultsLine {
  id: string;
  row: RowHead;
  /** Among the rows of the table. */
  place: number;
}

function columnsOf(
  table: OpenTable,
  selected: ReadonlySet<string>,
  onSelect: (selected: ReadonlySet<string>) => void,
): { columns: Columns<ResultsLine>; layouts: Record<string, ColumnLayout> } {
  const layouts: Record<string, ColumnLayout> = {
    row: { width: 'auto', pinned: true, heading: true },
  };
  table.columns.forEach(({ field }, index) => {
    const words = headerWords(table.columns[index]!);
    const least = table.columns[index]!.decimals === null ? leastWidth : leastMeasured;
    const width = Math.max(least, Math.min(mostWidth, words.length * letterWidth + besideWords));
    layouts[field] = {
      width,
      // Asked for where the column is in sight; of a setting it takes a look at all of its values.
      get number() {
        return isNumeric(table, index);
      },
    };
  });
  function select(key: string) {
    const after = new Set(selected);
    if (!after.delete(key)) after.add(key);
    onSelect(after);
  }
  const columns = column.columns([
    column.display({
      id: 'row',
      header: 'Name',
      cell: ({ row: { original } }) => (
        <div className={styles.head}>
          <RowBox
            label={`Select ${original.row.name}`}
            checked={selected.has(original.row.key)}
            onChange={() => select(original.row.key)}
          />
          <RowColour row={original.row} />
          <RowName row={original.row} />
        </div>
      ),
    }),
    ...table.columns.map((one, index) =>
      column.accessor(({ row }) => row.key, {
        id: one.field,
        header: () => (
          <span title={one.field}>
            {headerWords(one)} {one.better && arrows[one.better]}
            <sup>{letterOf(table.column(index).onlyNote())}</sup>
          </span>
        ),
        cell: ({ row: { original } }) => {
          const { cell: cellAt, onlyNote } = table.column(index);
          const cell = cellAt(original.place);
          return (
            <span data-rank={cell.rank} title={cell.text}>
              <span className={cell.rank ? styles[cell.rank] : undefined}>{cell.text}</span>
              <sup>{onlyNote() === null && letterOf(cell.note)}</sup>
            </span>
          );
        },
      }),
    ),
  ]);
  return { columns, layouts };
}

/** px */
const [leastWidth, leastMeasured, mostWidth, letterWidth, besideWords] = [104, 168, 260, 7, 52];

function isBestFirst(table: OpenTable, field: string): boolean {
  const index = table.columns.findIndex((one) => one.field === field);
  const found = table.columns[index];
  return found !== undefined && found.better !== 'minimum' && isNumeric(table, index);
}

/** Numbers to the right. */
function isNumeric(table: OpenTable, index: number): boolean {
  return table.columns[index]?.decimals !== null || table.column(index).hasNumbersOnly();
}

/** A column of one protocol has its letter in its header, and none behind its cells. */
function letterOf(note: number | null): string {
  return note === null ? '' : noteLetter(note);
}

/** Of several seeds the first: a comparison looks at the others by itself. */
function referenceOf({ key, runIds: [first] }: RowHead): string {
  return first === undefined ? writeReference({ kind: 'published', id: key }) : runReference(first);
}

/** One run leads to its page, several to their comparison; of more than can be compared, to the first ones. */
function pathOf({ runIds, published }: RowHead): string | undefined {
  const [first] = runIds;
  if (published || !first) return undefined;
  if (runIds.length === 1) return `/runs/${first}`;
  return comparePath({ rows: runIds.slice(0, comparedRows.most).map(runReference), baseline: undefined });
}

/** That of its first run, as on Charts. */
function RowColour({ row: { runIds, colour } }: { row: RowHead }) {
  const [id] = runIds;
  if (id === undefined) return <span className={styles.colour} />;
  const run = { id, colour: colour ?? null };
  const background = `light-dark(${shownRunColour(run, 'light')}, ${shownRunColour(run, 'dark')})`;
  return <span className={styles.colour} style={{ background }} />;
}

function RowName({ row }: { row: RowHead }) {
  const path = pathOf(row);
  if (!path) {
    return (
      <span className={styles.name} title={row.published?.source}>
        {row.name}
      </span>
    );
  }
  return (
    <Link
      href={path}
      className={styles.name}
      title={`${row.name}: ${row.runIds.join(' ')}`}
      onClick={(event: MouseEvent) => event.stopPropagation()}
    >
      {row.name}
    </Link>
  );
}
