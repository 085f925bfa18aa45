import type { RunRecord } from '../../common/records.ts';
import type { RunListUpdate } from '../../common/updates.ts';

export interface RunList {
  rows: RunRecord[];
  total: number;
}

/** The list after an update; new runs come first, as the list is sorted by when they were made. What is in the trash is in no list. */
export function mergeRuns(list: RunList, update: Exclude<RunListUpdate, { type: 'reload' }>): RunList {
  if (update.type === 'removed') {
    const gone = new Set(update.ids);
    const rows = list.rows.filter(({ id }) => !gone.has(id));
    return { rows, total: list.total - (list.rows.length - rows.length) };
  }
  const changed = new Map(update.runs.map((run) => [run.id, run]));
  const rows = list.rows.flatMap((run) => {
    const fresh = changed.get(run.id) ?? run;
    changed.delete(run.id);
    return fresh.trashedAt === null ? [fresh] : [];
  });
  const added = [...changed.values()]
    .filter(({ trashedAt }) => trashedAt === null)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return { rows: [...added, ...rows], total: list.total + added.length - (list.rows.length - rows.length) };
}
