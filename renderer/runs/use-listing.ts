import { useDeferredValue, useMemo } from 'react';
import type { AppError } from '../../common/errors.ts';
import { filterFields } from '../../common/filter/filter.ts';
import { runFields, runValue } from '../../common/filter/run-fields.ts';
import type { RunRecord } from '../../common/records.ts';
import { offeredFields } from '../../common/results/columns.ts';
import { groupRuns } from '../../common/results/groups.ts';
import type { RunsView } from '../../common/runs-view.ts';
import { useMeasured } from '../api/use-measured.ts';
import { filterRuns } from './filter-runs.ts';
import { listRows, type RunRow } from './list-rows.ts';

interface RunListing {
  /** Those that the filter fits. */
  runs: RunRecord[];
  ids: string[];
  rows: RunRow[];
  groups: number;
  /** Why the filter could not be read; then it filters nothing. */
  problem: AppError | null;
  /** What a column can be. */
  fields: string[];
  /** Fields of the view that no run has. */
  gone: string[];
  /** Why values could not be read from the points. */
  error: unknown;
}

interface Shown {
  view: RunsView;
  turned: ReadonlySet<string>;
  /** Older runs are still to come: which fields there are is not known yet. */
  partial: boolean;
}

/** What a view shows of the runs. Of ten thousand it takes longer than a key stroke: what is typed is shown first. */
export function useListing(all: RunRecord[], { view, turned, partial }: Shown): RunListing {
  const wanted = useDeferredValue(view);
  const compared = useMemo(() => filterFields(wanted.filter), [wanted.filter]);
  const { runs, error } = useMeasured(all, [
    ...wanted.columns.map(({ field }) => field),
    ...compared,
    wanted.sort.field,
    wanted.groupBy,
  ]);
  const known = useMemo(() => {
    const found = runFields(runs);
    if (partial) for (const field of compared) found.add(field);
    return found;
  }, [runs, partial, compared]);
  const fields = useMemo(() => offeredFields(known), [known]);
  const found = useMemo(
    () => filterRuns(runs, wanted.filter, wanted.states, known),
    [runs, wanted.filter, wanted.states, known],
  );
  const { groupBy, sort, folded } = wanted;
  const groups = useMemo(() => groupRuns(found.runs, groupBy, runs), [found, groupBy, runs]);
  const listed = useMemo(
    () => listRows(groups, { groupBy, sort, folded, turned }),
    [groups, groupBy, sort, folded, turned],
  );
  // The same as long as the same runs are found: what is open on a row stays open when a run goes on.
  const joined = useMemo(() => found.runs.map(({ id }) => id).join('\n'), [found]);
  const ids = useMemo(() => (joined === '' ? [] : joined.split('\n')), [joined]);
  const named = [
    ...wanted.columns.map(({ field }) => field),
    sort.field,
    ...(['seed', 'none'].includes(groupBy) ? [] : [groupBy]),
  ].join('\n');
  const gone = useMemo(
    () =>
      partial
        ? []
        : [...new Set(named.split('\n'))].filter(
            (field) => !known.has(field) && !runs.some((run) => runValue(run, field) !== undefined),
          ),
    [named, known, runs, partial],
  );
  return { ...found, ...listed, ids, fields, gone, error };
}
