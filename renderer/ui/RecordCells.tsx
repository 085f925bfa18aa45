import type { Row as TableRow } from '@tanstack/react-table';
import { memo } from 'react';
import { type ColumnLayout, drawn, type tableFeatureSet } from './table-features.ts';
import type { ColumnsInSight } from './use-columns-in-sight.ts';

interface RecordCellsProps<Row extends object> {
  row: TableRow<typeof tableFeatureSet, Row>;
  /** Made anew when what they show is another thing. */
  columns: unknown;
  /** Ids of all that the window has room for. */
  ids: readonly string[];
  layouts: Record<string, ColumnLayout>;
  inSight: ColumnsInSight;
  /** Of the pinned columns, px. */
  lefts: readonly number[];
}

/** A row's cells that are in sight; drawn again only when something of them changed, not when the table scrolls. */
export const RecordCells = memo(Cells) as typeof Cells;

function Cells<Row extends object>({ row, ids, layouts, inSight, lefts }: RecordCellsProps<Row>) {
  const cells = new Map(row.getAllCells().map((cell) => [cell.column.id, cell]));
  const draw = (id: string, place: number) => {
    const cell = cells.get(id);
    if (!cell) return null;
    const left = lefts[place];
    const Element = layouts[id]?.heading ? 'th' : 'td';
    return (
      <Element
        key={id}
        scope={layouts[id]?.heading ? 'row' : undefined}
        aria-colindex={place + 1}
        data-number={layouts[id]?.number}
        data-pinned={left === undefined ? undefined : true}
        style={left === undefined ? undefined : { left }}
      >
        {drawn(cell.column.columnDef.cell, cell.getContext())}
      </Element>
    );
  };
  return (
    <>
      {ids.slice(0, inSight.pinned).map(draw)}
      {inSight.before > 0 && <td aria-hidden />}
      {ids.slice(inSight.from, inSight.to).map((id, index) => draw(id, inSight.from + index))}
      {inSight.after > 0 && <td aria-hidden />}
    </>
  );
}
