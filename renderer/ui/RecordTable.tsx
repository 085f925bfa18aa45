import { useViewportSize } from '@mantine/hooks';
import { useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type SyntheticEvent, useMemo, useRef, useState } from 'react';
import { RecordCells } from './RecordCells.tsx';
import styles from './RecordTable.module.css';
import { ResizeHandle } from './ResizeHandle.tsx';
import { type ColumnLayout, type Columns, drawn, tableFeatureSet } from './table-features.ts';
import { useColumnsInSight } from './use-columns-in-sight.ts';

const twoLines = 52;
/** Of a column that takes what the others leave. */
const leastAuto = 210;
/** Narrowest window, in px, in which columns are pinned. */
const leastPinned = 780;
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
  /** Of rows that stand apart from the others. */
  rowClass?: (row: Row) => string | undefined;
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

/** Records, as many rows and columns in the page as are in sight. Arrows or J and K move, Enter opens. */
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
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 5,
    // Before it is measured, a table is as high as its window: rows are in the first frame.
    initialRect: windowRect(),
  });
  const leaves = table.getAllLeafColumns();
  const ids = useMemo(
    () => leaves.map(({ id }) => id).filter((id) => (layouts[id]?.from ?? 0) <= (width || 1280)),
    [leaves, layouts, width],
  );
  const least = ids.reduce((sum, id) => sum + widthOf(layouts[id]), 0);
  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const widths = ids.map((id) => widthOf(layouts[id]));
  const leading = ids.findIndex((id) => !layouts[id]?.pinned);
  // On a narrow window they would leave no room for what moves past them.
  const pinned = (width || 1280) < leastPinned ? 0 : leading < 0 ? ids.length : leading;
  const inSight = useColumnsInSight(scroller, widths, pinned);
  const pinnedWidths = widths.slice(0, pinned).join();
  const lefts = useMemo(() => leftsOf(pinnedWidths), [pinnedWidths]);
  const places = ids.map((_, place) => place);

  function focusRow(index: number) {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setCurrent(next);
    virtualizer.scrollToIndex(next);
    // The row may only come into the page with the next frame.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus());
  }

  /** The row that an event is about; what comes out of a menu of its is about none. */
  function rowAt(event: SyntheticEvent): number | undefined {
    const line = (event.target as Element).closest<HTMLElement>('tr[data-row]');
    return line && scroller.current?.contains(line) ? Number(line.dataset.row) : undefined;
  }

  function onClick(event: MouseEvent) {
    const row = rows[rowAt(event) ?? -1];
    if (row) onOpen(row.original);
  }

  function onKeyDown(event: KeyboardEvent) {
    const index = rowAt(event);
    if (index === undefined) return;
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

  const headers = new Map(
    table
      .getHeaderGroups()
      .at(-1)
      ?.headers.map((header) => [header.column.id, header]),
  );

  function drawColumn(place: number) {
    const id = ids[place]!;
    return <col key={id} style={{ width: layouts[id]?.width }} />;
  }

  function drawHeader(place: number) {
    const header = headers.get(ids[place]!);
    if (!header) return null;
    const sorted = header.column.getIsSorted();
    const layout = layouts[header.column.id];
    const left = lefts[place];
    return (
      <th
        key={header.id}
        scope="col"
        aria-colindex={place + 1}
        aria-sort={sorted ? ariaSort[sorted] : undefined}
        data-number={layout?.number}
        data-pinned={left === undefined ? undefined : true}
        style={left === undefined ? undefined : { left }}
      >
        {header.column.getCanSort() ? (
          <button type="button" className={styles.sort} onClick={header.column.getToggleSortingHandler()}>
            {drawn(header.column.columnDef.header, header.getContext())}
            {sorted === 'asc' && <ArrowUp size={12} aria-hidden />}
            {sorted === 'desc' && <ArrowDown size={12} aria-hidden />}
          </button>
        ) : (
          drawn(header.column.columnDef.header, header.getContext())
        )}
        {onWidth && header.column.getCanSort() && (
          <ResizeHandle
            name={header.column.id}
            width={layout?.width}
            onWidth={(next) => onWidth(header.column.id, next)}
          />
        )}
      </th>
    );
  }

  return (
    <div ref={scroller} className={`surface ${styles.scroller} ${props.className ?? ''}`}>
      <table
        className={styles.table}
        style={{ minWidth: least }}
        aria-rowcount={rows.length + 1}
        aria-colcount={ids.length}
        aria-label={label}
      >
        <colgroup>
          {places.slice(0, pinned).map(drawColumn)}
          {inSight.before > 0 && <col style={{ width: inSight.before }} />}
          {places.slice(inSight.from, inSight.to).map(drawColumn)}
          {inSight.after > 0 && <col style={{ width: inSight.after }} />}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {places.slice(0, pinned).map(drawHeader)}
            {inSight.before > 0 && <td aria-hidden />}
            {places.slice(inSight.from, inSight.to).map(drawHeader)}
            {inSight.after > 0 && <td aria-hidden />}
          </tr>
        </thead>
        <tbody onFocus={(event) => setCurrent(rowAt(event) ?? current)} onClick={onClick} onKeyDown={onKeyDown}>
          {before > 0 && <tr aria-hidden style={{ height: before }} />}
          {items.map(({ index }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <tr
                key={row.id}
                data-row={index}
                className={props.rowClass?.(row.original)}
                aria-rowindex={index + 2}
                aria-current={row.id === props.current || undefined}
                tabIndex={index === Math.min(current, rows.length - 1) ? 0 : -1}
                style={{ height: rowHeight }}
              >
                <RecordCells row={row} columns={columns} ids={ids} layouts={layouts} inSight={inSight} lefts={lefts} />
              </tr>
            );
          })}
          {after > 0 && <tr aria-hidden style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  );
}

function windowRect() {
  return { width: window.innerWidth, height: window.innerHeight };
}

function widthOf(layout: ColumnLayout | undefined): number {
  return typeof layout?.width === 'number' ? layout.width : leastAuto;
}

/** Where each pinned column begins. */
function leftsOf(widths: string): number[] {
  const all = widths === '' ? [] : widths.split(',').map(Number);
  return all.map((_, place) => all.slice(0, place).reduce((sum, width) => sum + width, 0));
}
