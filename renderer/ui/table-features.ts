/** What the tables of records can do, and how a column of theirs is laid out. */
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_text,
  tableFeatures,
} from '@tanstack/react-table';
import type { ReactNode } from 'react';

export const tableFeatureSet = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { text: sortFn_text },
});

/**
 * What a column draws in a header or a cell, as a part of the table. As a component of its own it would be another one
 * whenever the columns are made anew, as they are with every update of a run: what is open in a cell would close.
 */
export function drawn<Context>(template: string | ((context: Context) => unknown) | undefined, context: Context) {
  return (typeof template === 'function' ? template(context) : template) as ReactNode;
}

export const columnHelper = <Row extends object>() => createColumnHelper<typeof tableFeatureSet, Row>();

export type Columns<Row extends object> = ReturnType<ReturnType<typeof columnHelper<Row>>['columns']>;

/** How wide a column is, and from which width of the window on it is shown. */
export interface ColumnLayout {
  width: number | 'auto';
  number?: boolean;
  /** Stays at the left while the others move past it; only the first columns can. */
  pinned?: boolean;
  /** Its cells are the headers of their rows. */
  heading?: boolean;
  /** Narrowest window, in px, that still has room for it. */
  from?: number;
}
