import { Anchor, Button, Checkbox, Group } from '@mantine/core';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { TableDefinition } from '../../common/results/definition.ts';
import { comparedRows } from '../../common/results/limits.ts';
import { comparePath, runReference, writeReference } from '../../common/results/references.ts';
import type { ResultsRow, ResultsTable } from '../../common/results/table.ts';
import {
  arrows,
  cellMark,
  columnMark,
  footlines,
  headerWords,
  isNumeric,
} from '../../common/results/writers/layout.ts';
import { CompareButton } from '../compare/CompareButton.tsx';
import styles from './Results.module.css';

interface ResultsTableViewProps {
  table: ResultsTable;
  sort: TableDefinition['sort'];
  onSort: (sort: TableDefinition['sort']) => void;
}

/** More rows than anybody reads would only be slow; the export has all of them. */
const rowsAtOnce = 200;

/** The table as it is exported: best bold, second underlined, a letter for each protocol, the protocols below. */
export function ResultsTableView({ table, sort, onSort }: ResultsTableViewProps) {
  const [most, setMost] = useState(rowsAtOnce);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { columns, rows } = table;
  const numeric = columns.map((column, index) => isNumeric(column, rows, index));

  /** The better end first, then the other, then as the runs were made. */
  function sortBy(field: string, first: boolean) {
    if (sort?.field !== field) onSort({ field, descending: first });
    else onSort(sort.descending === first ? { field, descending: !first } : undefined);
  }

  function select(key: string) {
    const after = new Set(selected);
    if (!after.delete(key)) after.add(key);
    setSelected(after);
  }

  const references = [...selected].flatMap((key) => rows.filter((row) => row.key === key).map(referenceOf));

  return (
    <div className="surface">
      {references.length > 0 && (
        <Button.Group m="sm">
          <CompareButton references={references} />
          <Button size="xs" variant="default" onClick={() => setSelected(new Set())}>
            Clear
          </Button>
        </Button.Group>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so by keyboard too */}
      <div className={styles.scroller} tabIndex={0}>
        <table className={styles.table} aria-label="Results">
          <thead>
            <tr>
              <th scope="col">Name</th>
              {columns.map((column, index) => {
                const sorted =
                  sort?.field === column.field ? (sort.descending ? 'descending' : 'ascending') : undefined;
                return (
                  <th key={column.field} scope="col" data-number={numeric[index]} aria-sort={sorted}>
                    <button
                      type="button"
                      className={styles.sort}
                      title={column.field}
                      onClick={() => sortBy(column.field, column.better !== 'minimum' && numeric[index] === true)}
                    >
                      {headerWords(column)} {column.better && arrows[column.better]}
                      <sup>{columnMark(table, index)}</sup>
                      {sorted === 'descending' && <ArrowDown size={11} aria-hidden />}
                      {sorted === 'ascending' && <ArrowUp size={11} aria-hidden />}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map((row) => (
              <tr key={row.key} className={row.published && styles.published}>
                <th scope="row">
                  <Group gap={8} wrap="nowrap">
                    <Checkbox
                      size="xs"
                      aria-label={`Select ${row.name}`}
                      checked={selected.has(row.key)}
                      onChange={() => select(row.key)}
                    />
                    <RowName row={row} />
                  </Group>
                </th>
                {row.cells.map((cell, index) => (
                  <td key={columns[index]!.field} data-number={numeric[index]} data-rank={cell.rank}>
                    <span className={cell.rank ? styles[cell.rank] : undefined}>{cell.text}</span>
                    <sup>{cellMark(table, index, cell)}</sup>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <Button m="sm" size="compact-sm" variant="default" onClick={() => setMost(most + rowsAtOnce)}>
          {most} of {rows.length} rows are shown: {rowsAtOnce} more
        </Button>
      )}
      <ul className={styles.notes} aria-label="Notes to the table">
        {footlines(table).map(({ mark, text }) => (
          <li key={`${mark} ${text}`}>
            {mark && <sup>{mark}</sup>} {text}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Of several seeds the first: a comparison looks at the others by itself. */
function referenceOf({ key, runIds: [first] }: ResultsRow): string {
  return first === undefined ? writeReference({ kind: 'published', id: key }) : runReference(first);
}

/** One run leads to its page, several to their comparison; of more than can be compared, to the first ones. */
function RowName({ row: { name, runIds, published } }: { row: ResultsRow }) {
  const [first] = runIds;
  if (published || !first) return <span title={published?.source}>{name}</span>;
  return (
    <Anchor
      component={Link}
      href={
        runIds.length > 1
          ? comparePath({ rows: runIds.slice(0, comparedRows.most).map(runReference), baseline: undefined })
          : `/runs/${first}`
      }
      fz="inherit"
      title={runIds.join(' ')}
    >
      {name}
    </Anchor>
  );
}
