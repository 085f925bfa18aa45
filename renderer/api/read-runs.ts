/** The list of runs in parts: the newest at once, for the page to show, and the others while it is looked at. */
import { replaceEqualDeep } from '@tanstack/react-query';
import type { RunRecord } from '../../common/records.ts';
import { mergeRuns, type RunList, type RunListChange } from './merge-runs.ts';

/** About what a window shows, several times over. */
const firstRuns = 200;
/** Neither the studio nor the page is kept from other work for long by one part. */
const partRuns = 500;
/** Between two parts, for what else is asked of the studio. */
const restMs = 10;

/** A reading of the list that is on its way, and what is told of runs meanwhile. */
export interface Reading {
  /** By id; null: the run is gone. */
  told: Map<string, RunRecord | null>;
  hasFirst: boolean;
  /** What was read first may be older than the first that was told. */
  again: boolean;
}

export const newReading = (): Reading => ({ told: new Map(), hasFirst: false, again: false });

export function tell({ told }: Reading, change: RunListChange): void {
  if (change.type === 'removed') for (const id of change.ids) told.set(id, null);
  else for (const run of change.runs) told.set(run.id, run);
}

interface Source {
  /** Runs in the order of the list, those behind `after`; `total` is that of the whole list. */
  read: (part: { limit: number; after?: { createdAt: string; id: string } }) => Promise<Omit<RunList, 'complete'>>;
  /** No more than these. */
  most: number;
  /** A list that was read before: runs that are still the same are the same objects. */
  known: readonly RunRecord[];
  onFirst: (list: RunList) => void;
  signal: AbortSignal;
}

/**
 * What was told since a part was asked for is newer than that part, or will soon be told again; what was told before is
 * older than it.
 */
export async function readRuns(reading: Reading, { read, most, known, onFirst, signal }: Source): Promise<RunList> {
  const { told } = reading;
  const before = new Map(known.map((run) => [run.id, run]));

  async function part(limit: number, last?: RunRecord) {
    const asked = new Map(told);
    const { rows, total } = await read({ limit, ...(last && { after: { createdAt: last.createdAt, id: last.id } }) });
    signal.throwIfAborted();
    for (const { id } of rows) if (told.get(id) === asked.get(id)) told.delete(id);
    return { rows: rows.map((run) => replaceEqualDeep(before.get(run.id), run) as RunRecord), total };
  }

  const whole = ({ rows, total }: { rows: RunRecord[]; total: number }) => rows.length >= Math.min(total, most);
  let list = await part(Math.min(firstRuns, most));
  reading.hasFirst = true;
  if (!whole(list)) onFirst(withTold({ ...list, complete: false }, told));
  if (reading.again) list = await part(Math.min(firstRuns, most));
  while (!whole(list)) {
    await new Promise((resolve) => setTimeout(resolve, restMs));
    signal.throwIfAborted();
    const next = await part(Math.min(partRuns, most - list.rows.length), list.rows.at(-1));
    // Runs that have gone meanwhile are still in the first count.
    if (next.rows.length === 0) break;
    list = { rows: list.rows.concat(next.rows), total: next.total };
  }
  return withTold({ ...list, complete: true }, told);
}

function withTold(list: RunList, told: Reading['told']): RunList {
  const ids = [...told].flatMap(([id, run]) => (run === null ? [id] : []));
  const runs = [...told.values()].filter((run) => run !== null);
  return mergeRuns(mergeRuns(list, { type: 'removed', ids }), { type: 'changed', runs });
}
