import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { type AppError, asAppError } from '../../common/errors.ts';
import { filterFields } from '../../common/filter/filter.ts';
import { runFields, runValue } from '../../common/filter/run-fields.ts';
import type { RunRecord } from '../../common/records.ts';
import { defaultColumns, offeredFields } from '../../common/results/columns.ts';
import type { ColumnChoice, TableDefinition } from '../../common/results/definition.ts';
import { type OpenTable, openTable } from '../../common/results/open-table.ts';
import { selectRuns } from '../../common/results/table.ts';
import { useTRPC } from '../api/client.ts';
import { useRuns } from '../api/RunsProvider.tsx';
import { useMeasured } from '../api/use-measured.ts';

const plain: TableDefinition = { columns: [], filter: '', groupBySeed: true, published: false };

interface TableState {
  definition: TableDefinition;
  change: (change: Partial<TableDefinition>) => void;
  /** Those of the definition, or those that one sees first. */
  columns: ColumnChoice[];
  table: OpenTable;
  selected: RunRecord[];
  /** Why the filter could not be read; then it filters nothing. */
  problem: AppError | null;
  /** What a column can be. */
  fields: string[];
  /** Columns that no run has: of a saved table whose runs are gone, say. */
  gone: string[];
}

/** The table that is put together on the page; kept, so that nothing but its user ever resets it. */
export function useTable(): TableState {
  const trpc = useTRPC();
  const { runs: all, loading: partial } = useRuns();
  const [definition, setDefinition] = useLocalStorage<TableDefinition>({
    key: 'results-table',
    defaultValue: plain,
    getInitialValueInEffect: false,
  });
  const published = useQuery(
    trpc.exports.published.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }),
  ).data;

  const { runs } = useMeasured(all, [
    ...definition.columns.map(({ field }) => field),
    ...filterFields(definition.filter),
    ...(definition.sort ? [definition.sort.field] : []),
  ]);

  const compared = useMemo(() => filterFields(definition.filter), [definition.filter]);
  // Which fields the older runs have is not known before they are here.
  const known = useMemo(() => {
    const found = runFields(runs);
    if (partial) for (const field of compared) found.add(field);
    return found;
  }, [runs, partial, compared]);

  // Of ten thousand runs it takes longer than a key stroke: what is typed is shown first.
  const wanted = useDeferredValue(definition);
  const shown = useMemo(() => {
    const { selected, problem } = select(runs, wanted.filter, known);
    const columns = wanted.columns.length > 0 ? wanted.columns : defaultColumns(selected);
    const table = openTable(selected, { ...wanted, columns }, published, runs);
    return { selected, problem, columns, table };
  }, [runs, wanted, published, known]);
  const fields = useMemo(() => offeredFields(known), [known]);
  const gone = shown.columns
    .map(({ field }) => field)
    .filter((field) => !partial && !known.has(field) && !runs.some((run) => runValue(run, field) !== undefined));

  return {
    definition,
    change: (change) => setDefinition((before) => ({ ...before, ...change })),
    fields,
    gone,
    ...shown,
  };
}

function select(
  runs: RunRecord[],
  filter: string,
  known: ReadonlySet<string>,
): { selected: RunRecord[]; problem: AppError | null } {
  try {
    return { selected: selectRuns(runs, filter, known), problem: null };
  } catch (thrown) {
    return { selected: runs, problem: asAppError(thrown) };
  }
}
