/** Pushing what changes: each watcher has a mailbox, so that a slow one gets less often more, and memory stays flat. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Point, RunRecord } from '../../common/records.ts';
import type { RunListUpdate, RunUpdate } from '../../common/updates.ts';
import type { Indexer } from '../jobs/indexer.ts';
import { createMailbox } from '../jobs/mailbox.ts';
import type { Store } from '../store/index.ts';

interface WatchPorts {
  store: Store;
  indexer: Indexer;
  present(record: RunRecord): RunRecord;
}

/** More at once than a watcher is sent: reading the curves thinned is less. */
const mostPoints = 5000;
/** A list is for people; a run that is looked at is told of at once. */
const listIntervalMs = 250;

type Waiting = Pick<RunUpdate, 'points' | 'supersededFrom' | 'reload' | 'checkpointsChanged'>;
const nothing: Waiting = { points: [], supersededFrom: null, reload: false, checkpointsChanged: false };

export async function* watchRun(
  { store, indexer, present, folderOf }: WatchPorts & { folderOf(row: { folder: string }): string },
  id: string,
  { afterSeq, signal }: { afterSeq?: number; signal?: AbortSignal },
): AsyncGenerator<RunUpdate> {
  const changes = createMailbox<Waiting>(merged);
  const unsubscribe = indexer.onChange((change) => {
    if (change.type === 'closed') return changes.end();
    if (change.id !== id) return;
    if (change.type === 'removed') changes.end();
    else changes.put({ ...nothing, ...change.ingested });
  });

  function update(waiting: Waiting): RunUpdate | null {
    const row = store.runs.row(id);
    const record = store.runs.get(id);
    if (!row || !record) return null;
    const { points, supersededFrom, reload, checkpointsChanged } = waiting;
    const logBytes = statSync(join(folderOf(row), 'log.txt'), { throwIfNoEntry: false })?.size ?? 0;
    return { seq: row.lastSeq, run: present(record), points, supersededFrom, reload, checkpointsChanged, logBytes };
  }

  try {
    // Nothing can come in between subscribing and this: it is the same turn of the event loop.
    const first = update(missedSince(store, id, afterSeq));
    if (first) yield first;
    for await (const waiting of changes.deliveries(signal)) {
      const next = update(waiting);
      if (!next) return;
      yield next;
    }
  } finally {
    unsubscribe();
  }
}

/** What a watcher that was away does not have yet. */
function missedSince(store: Store, id: string, afterSeq: number | undefined): Waiting {
  const row = store.runs.row(id);
  if (afterSeq === undefined || !row || afterSeq === row.lastSeq) return nothing;
  // A new segment may have superseded what it has; and a number that was never given out is from another database.
  if (afterSeq < row.segmentSeq || afterSeq > row.lastSeq)
    return { ...nothing, reload: true, checkpointsChanged: true };
  return limited({ ...nothing, points: store.points.since(id, afterSeq, mostPoints), checkpointsChanged: true });
}

function merged(waiting: Waiting, next: Waiting): Waiting {
  const { supersededFrom } = next;
  const kept =
    supersededFrom === null ? waiting.points : waiting.points.filter((point) => isBefore(point, supersededFrom));
  return limited({
    points: [...kept, ...next.points],
    supersededFrom: leastOf(waiting.supersededFrom, supersededFrom),
    reload: waiting.reload || next.reload,
    checkpointsChanged: waiting.checkpointsChanged || next.checkpointsChanged,
  });
}

function limited(waiting: Waiting): Waiting {
  return waiting.reload || waiting.points.length > mostPoints ? { ...waiting, points: [], reload: true } : waiting;
}

/** Points of single steps carry the number of the step, others how many were done. */
function isBefore({ series, step }: Point, from: number): boolean {
  return series.startsWith('step/') ? step < from : step <= from;
}

function leastOf(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

export async function* watchRunList(
  { store, indexer, present }: WatchPorts,
  { signal }: { signal?: AbortSignal },
): AsyncGenerator<RunListUpdate> {
  const changes = createMailbox<Set<string>>((waiting, next) => new Set([...waiting, ...next]));
  const unsubscribe = indexer.onChange(({ id }) => (id === null ? changes.end() : changes.put(new Set([id]))));
  try {
    yield { type: 'reload' };
    for await (const ids of changes.deliveries(signal)) {
      const runs = [...ids].map((id) => store.runs.get(id)).filter((run) => run !== undefined);
      const there = new Set(runs.map((run) => run.id));
      const removed = [...ids].filter((id) => !there.has(id));
      if (removed.length > 0) yield { type: 'removed', ids: removed };
      if (runs.length > 0) yield { type: 'changed', runs: runs.map(present) };
      await sleep(listIntervalMs, undefined, { signal }).catch(() => {});
    }
  } finally {
    unsubscribe();
  }
}
