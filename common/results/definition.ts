/** What is saved, sent and asked for of tables and comparisons. */
import { z } from 'zod';
import { comparedRows } from './limits.ts';
import { tagged } from './references.ts';

const name = z.string().trim().min(1).max(100);

export const tableDefinition = z.strictObject({
  /** Fields as a filter names them (filter/run-fields.ts); none: those that one sees first. */
  columns: z.array(z.strictObject({ field: z.string().min(1), decimals: z.int().min(0).max(10).optional() })).max(200),
  /** Runs that must match (common/filter); empty: all. */
  filter: z.string(),
  /** One row for all runs that differ by their seed alone. */
  groupBySeed: z.boolean(),
  published: z.boolean(),
  /** Left out: in the order in which the runs were made. */
  sort: z.strictObject({ field: z.string().min(1), descending: z.boolean() }).optional(),
});
export type TableDefinition = z.infer<typeof tableDefinition>;
export type ColumnChoice = TableDefinition['columns'][number];

/** `<workspace>/results/<id>.json`: a table that somebody put together. */
export const savedTable = z.strictObject({ id: z.string(), name, definition: tableDefinition });
export type SavedTable = z.infer<typeof savedTable>;
export const newTable = savedTable.partial({ id: true });

/** `<workspace>/comparisons/<id>.json`: rows that somebody wants to see side by side again. */
const comparison = z.strictObject({
  id: z.string(),
  name,
  /** References (references.ts). */
  rows: z.array(z.string().min(1)).min(comparedRows.least).max(comparedRows.most),
  /** One of the rows. */
  baseline: z.string(),
});
export type SavedComparison = z.infer<typeof comparison>;
export const newComparison = comparison.partial({ id: true });

/** Files of older studios hold ids of runs. */
export const savedComparison = z.preprocess((file) => {
  if (typeof file !== 'object' || file === null || !('runs' in file) || !Array.isArray(file.runs)) return file;
  const { runs, ...others } = file;
  const baseline = 'baseline' in others ? tagged(String(others.baseline)) : undefined;
  return { ...others, rows: runs.map((id) => tagged(String(id))), baseline };
}, comparison);
