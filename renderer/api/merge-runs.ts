import type { RunRecord } from '../../common/records.ts';
import type { RunListUpdate } from '../../common/updates.ts';

export interface RunList {
  /** The newest first. */
  rows: RunRecord[];
  /** Of all, also where they are not here yet. */
  total: number;
  /** All runs are here, or as many as are ever shown. */
  complete: boolean;
}

export type RunListChange = Exclude<RunListUpdate, { type: 'reload' }>;

/**
 * The list after an update; new runs come first, as the list is sorted by when they were made. What is in the trash is in
 * no list. Runs behind the end of a list that is not complete are still to come, and are not added.
 */
export function mergeRuns(list: RunList, update: RunListChange): RunList {
  if (update.type === 'removed') {
    const gone = new Set(update.ids);
    const rows = list.rows.filter(({ id }) => !gone.has(id));
    return { ...list, rows, total: list.total - (list.rows.length - rows.length) };
  }
  const changed = new Map(update.runs.map((run) => [run.id, run]));
  const rows = list.rows.flatMap((run) => {
    const fresh = changed.get(run.id) ?? run;
    changed.delete(run.id);
    return fresh.trashedAt === null ? [fresh] : [];
  });
  const added = [...changed.values()]
    .filter((run) => run.trashedAt === null && !isToCome(list, run))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const total = list.total + added.length - (list.rows.length - rows.length);
  return { ...list, rows: [...added, ...rows], total };
}

function isToCome({ rows, complete }: RunList, { createdAt, id }: RunRecord): boolean {
  const last = rows.at(-1);
  if (complete || !last) return false;
  return createdAt < last.createdAt || (createdAt === last.createdAt && id > last.id);
}
