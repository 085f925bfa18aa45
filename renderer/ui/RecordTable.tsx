import { useViewportSize } from '@mantine/hooks';
import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import styles from './RecordTable.module.css';
import { ResizeHandle } from './ResizeHandle.tsx';
import { type ColumnLayout, type Columns, tableFeatureSet } from './table-features.ts';

const twoLines = 52;
/** Of a column that takes what the others leave. */
const leastAuto = 210;
const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

interface RecordTableProps<Row extends { id: string }> {
  label: string;
  rows: Row[];
  columns: Columns<Row>;
  /** By the id of the column. */
  layouts: Record<string, ColumnLayout>;
  /** By this column at first, the greatest first; left out: in the order that they have. */
  sortedBy?: string;
  /** Where the rows come in their order: by which column that is, and what a click on a header asks for. */
  sorting?: Sorting;
  onSort?: (sorting: Sorting) => void;
  /** Where columns can be made wider: by the id of the column, in px; undefined: as wide as it was. */
  onWidth?: (id: string, width: number | undefined) => void;
  /** In px. */
  rowHeight?: number;
  /** Id of the row that something beside the table is about. */
  current?: string;
  className?: string;
  onOpen: (row: Row) => void;
  /** A key that the table itself does not use, pressed on a row; true if it was taken. */
  onKey?: (event: KeyboardEvent, row: Row) => boolean;
  onEscape: () => void;
}

interface Sorting {
  field: string;
  descending: boolean;
}

/** Records, as many rows in the page as are in sight. Arrows or J and K move, Enter opens. */
export function RecordTable<Row extends { id: string }>(props: RecordTableProps<Row>) {
  const { label, columns, layouts, sortedBy, sorting, rowHeight = twoLines, onSort, onWidth } = props;
  const { onOpen, onKey, onEscape } = props;
  const { width } = useViewportSize();
  const [current, setCurrent] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const table = useTable({
    features: tableFeatureSet,
    columns,
    data: props.rows,
    getRowId: (row) => row.id,
    initialState: { sorting: sortedBy ? [{ id: sortedBy, desc: true }] : [] },
    enableSortingRemoval: false,
    ...(sorting && {
      manualSorting: true,
      state: { sorting: [{ id: sorting.field, desc: sorting.descending }] },
      onSortingChange: (change) => {
        const before = [{ id: sorting.field, desc: sorting.descending }];
        const [next] = typeof change === 'function' ? change(before) : change;
        if (next) onSort?.({ field: next.id, descending: next.desc });
      },
    }),
  });
  const rows = table.getRowModel().rows;
  const shown = (id: string) => (layouts[id]?.from ?? 0) <= (width || 1280);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const least = table.getAllLeafColumns().reduce((sum, { id }) => {
    const width = layouts[id]?.width;
    return shown(id) ? sum + (typeof width === 'number' ? width : leastAuto) : sum;
  }, 0);
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  function focusRow(index: number) {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(next);
    virtualizer.scrollToIndex(next);
    // The row may only come into the page with the next frame.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  }

  function onKeyDown(event: KeyboardEvent, index: number) {
    const row = rows[index]?.original;
    const page = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) || 1;
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      j: index + 1,
      ArrowUp: index - 1,
      k: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    const next = moves[event.key];
    if (next !== undefined) focusRow(next);
    else if (event.key === 'Enter' && row) onOpen(row);
    else if (event.key === 'Escape') onEscape();
    else if (!row || !onKey?.(event, row)) return;
    event.preventDefault();
  }

  return (
    <div ref={scroller} className={`surface ${styles.scroller} ${props.className ?? ''}`}>
      <table className={styles.table} style={{ minWidth: least }} aria-rowcount={rows.length + 1} aria-label={label}>
        <colgroup>
          {table
            .getAllLeafColumns()
            .map(({ id }) => shown(id) && <col key={id} style={{ width: layouts[id]?.width }} />)}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => {
                if (!shown(header.column.id)) return null;
                const sorted = header.column.getIsSorted();
                const number = layouts[header.column.id]?.number;
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sorted ? ariaSort[sorted] : undefined}
                    data-number={number}
                  >
                    {header.column.getCanSort() ? (
                      <button type="button" className={styles.sort} onClick={header.column.getToggleSortingHandler()}>
                        <table.FlexRender header={header} />
                        {sorted === 'asc' && <ArrowUp size={12} aria-hidden />}
                        {sorted === 'desc' && <ArrowDown size={12} aria-hidden />}
                      </button>
                    ) : (
                      <table.FlexRender header={header} />
                    )}
                    {onWidth && header.column.getCanSort() && (
                      <ResizeHandle
                        name={header.column.id}
                        width={layouts[header.column.id]?.width}
                        onWidth={(width) => onWidth(header.column.id, width)}
                      />
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {items.map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <tr
                key={row.id}
                data-row={index}
                aria-rowindex={index + 2}
                aria-current={row.id === props.current || undefined}
                tabIndex={index === Math.min(current, rows.length - 1) ? 0 : -1}
                style={{ height: rowHeight }}
                onFocus={() => setCurrent(index)}
                onClick={() => onOpen(row.original)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                {row.getAllCells().map(
                  (cell) =>
                    shown(cell.column.id) && (
                      <td key={cell.id} data-number={layouts[cell.column.id]?.number}>
                        <table.FlexRender cell={cell} />
                      </td>
                    ),
                )}
              </tr>
            );
          })}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}
