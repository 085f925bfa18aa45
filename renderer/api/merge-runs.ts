import type { RunRecord } from '../../common/records.ts';
import type { RunListUpdate } from '../../common/updates.ts';

export interface RunList {
  rows: RunRecord[];
  total: number;
}

/** The list after an update; new runs come first, as the list is sorted by when they were made. */
export function mergeRuns(list: RunList, update: Exclude<RunListUpdate, { type: 'reload' }>): RunList {
  if (update.type === 'removed') {
    const gone = new Set(update.ids);
    const rows = list.rows.filter(({ id }) => !gone.has(id));
    return { rows, total: list.total - (list.rows.length - rows.length) };
  }
  const changed = new Map(update.runs.map((run) => [run.id, run]));
  const rows = list.rows.map((run) => {
    const fresh = changed.get(run.id);
    changed.delete(run.id);
    return fresh ?? run;
  });
  const added = [...changed.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return { rows: [...added, ...rows], total: list.total + added.length };
}
