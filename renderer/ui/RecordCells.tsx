import { type Column, constructCell, type Row as TableRow } from '@tanstack/react-table';
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
  const draw = (id: string, place: number) => {
    const column = row.table.getColumn(id);
    if (!column) return null;
    return (
      <RecordCell
        key={id}
        row={row}
        column={column}
        place={place}
        left={lefts[place]}
        number={layouts[id]?.number}
        heading={layouts[id]?.heading}
      />
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

interface RecordCellProps<Row extends object> {
  row: TableRow<typeof tableFeatureSet, Row>;
  column: Column<typeof tableFeatureSet, Row>;
  place: number;
  left: number | undefined;
  number: boolean | undefined;
  heading: boolean | undefined;
}

/** When the table scrolls sideways, the cells that stay in sight are not drawn again. */
const RecordCell = memo(OneCell) as typeof OneCell;

function OneCell<Row extends object>({ row, column, place, left, number, heading }: RecordCellProps<Row>) {
  const Element = heading ? 'th' : 'td';
  return (
    <Element
      scope={heading ? 'row' : undefined}
      aria-colindex={place + 1}
      data-number={number}
      data-pinned={left === undefined ? undefined : true}
      style={left === undefined ? undefined : { left }}
    >
      {drawn(column.columnDef.cell, constructCell(column, row, row.table).getContext())}
    </Element>
  );
}
