/**
 * Keeps the database what the run folders say: follows those that run, finds new ones (also those that other processes
 * started), marks those whose worker is gone. The only place that turns files into rows.
 */
import { type FSWatcher, mkdirSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { isActive, type RunStateFile } from '../../common/records.ts';
import { fileStamp } from '../../system/file-stamp.ts';
import type { Store } from '../store/index.ts';
import type { Ingested } from '../store/ingest.ts';
import type { RunRow } from '../store/rows.ts';
import { brokenRow, isBroken, rowOfFolder } from './discovery.ts';
import { readEvents } from './follower.ts';
import { isOrphaned, lostState, readState, writeState } from './run-folder.ts';
import { endingOf, type WorkerEnd } from './worker-process.ts';

export type IndexChange =
  | { type: 'changed'; id: string; ingested: Ingested | null }
  | { type: 'removed'; id: string }
  /** The store is about to be closed: nothing may be asked of it any more. */
  | { type: 'closed'; id: null };

export type Indexer = ReturnType<typeof createIndexer>;

export interface IndexerOptions {
  store: Store;
  /** `<workspace>/runs`. */
  runsFolder: string;
  onWarning?: (message: string) => void;
}

/** Well under the half second within which a point is to be on screen. */
const followMs = 120;
/** New folders are also told by the system where it can; this is for where it cannot. */
const scanMs = 3000;
/** Folders at rest that each scan looks at, in turn. */
const restingPerScan = 200;

interface Known {
  id: string;
  folder: string;
  /** Of the `state.json` that was read last. */
  stateStamp: string;
  state: RunStateFile | null;
  /** A refresh that is under way; those who ask meanwhile wait for one more. */
  refreshing: Promise<void> | null;
  again: Promise<void> | null;
}

export function createIndexer({ store, runsFolder, onWarning = () => {} }: IndexerOptions) {
  mkdirSync(runsFolder, { recursive: true });
  const known = new Map<string, Known>();
  const listeners = new Set<(change: IndexChange) => void>();
  const following = new Set<string>();
  /** Runs whose worker this process has started: its exit tells more than that it is gone. */
  const attended = new Map<string, number>();
  let restingFrom = 0;
  let scanned = false;
  let closed = false;
  let scanning: Promise<void> | null = null;
  const timers: NodeJS.Timeout[] = [];
  let watcher: FSWatcher | null = null;

  for (const { id, folder } of store.runs.folders()) {
    // What could not be read gets another chance.
    if (isBroken(id)) store.runs.remove(id);
    else remember(id, folder);
  }

  function remember(id: string, folder: string): Known {
    const run: Known = { id, folder, stateStamp: '', state: null, refreshing: null, again: null };
    known.set(folder, run);
    return run;
  }

  function emit(change: IndexChange) {
    for (const listener of listeners) listener(change);
  }

  function find(id: string): Known | undefined {
    if (closed) return undefined;
    const folder = store.runs.row(id)?.folder;
    return folder === undefined ? undefined : known.get(folder);
  }

  /** Reads what is new of a run. One at a time for each run; the end of the promise means that all is in. */
  function refresh(run: Known): Promise<void> {
    if (run.again) return run.again;
    if (run.refreshing) {
      run.again = run.refreshing.then(() => {
        run.again = null;
        return refresh(run);
      });
      return run.again;
    }
    run.refreshing = readOn(run)
      .catch((thrown: unknown) => onWarning(`${run.folder}: ${thrown instanceof Error ? thrown.message : thrown}`))
      .finally(() => {
        run.refreshing = null;
      });
    return run.refreshing;
  }

  /**
   * The state is looked at before the events and takes effect after them: a worker writes its last event before its
   * last state, so a run is never shown as ended while points are missing.
   */
  async function readOn(run: Known) {
    if (closed || isBroken(run.id)) return;
    const state = newState(run);
    let ended = false;
    while (!closed) {
      const row = store.runs.row(run.id);
      if (!row) return;
      const chunk = await readEvents(join(runsFolder, run.folder, 'events.jsonl'), row.eventsOffset);
      if (closed) return;
      if (chunk.unreadable > 0) {
        onWarning(`${run.folder}: ${chunk.unreadable} lines of events.jsonl are no events; left out`);
      }
      if (chunk.replaced) {
        forget(run);
        emit({ type: 'changed', id: discover(run.folder).id, ingested: null });
        return;
      }
      if (chunk.offset === row.eventsOffset) break;
      const ingested = store.ingest(run.id, chunk.events, chunk.offset);
      ended = chunk.events.at(-1)?.type === 'ended';
      emit({ type: 'changed', id: run.id, ingested });
      if (!chunk.more) break;
      await new Promise(setImmediate);
    }
    if (closed) return;
    if (state) takeState(run, state, ended);
    const row = store.runs.row(run.id);
    if (row && (isActive(row.state) || (run.state && isActive(run.state.state)))) following.add(run.folder);
    else following.delete(run.folder);
  }

  /** `state.json` when it is another one than before. A run without one had no time to write it. */
  function newState(run: Known): RunStateFile | null {
    const folder = join(runsFolder, run.folder);
    const stamp = fileStamp(join(folder, 'state.json'));
    if (stamp === run.stateStamp) return null;
    run.stateStamp = stamp;
    return readState(folder) ?? lostState();
  }

  function takeState(run: Known, state: RunStateFile, ended: boolean) {
    run.state = state;
    const row = store.runs.row(run.id);
    if (!row || (ended && isActive(state.state))) return; // it is from before the end
    const change = changeBy(state, row);
    store.transaction(() => {
      store.runs.update(run.id, change);
      const queued = store.queue.order().includes(run.id);
      if (state.state === 'queued' && !queued && row.trashedAt === null) store.queue.put(run.id);
      if (state.state !== 'queued' && state.state !== 'preparing' && queued) store.queue.remove(run.id);
    });
    if (Object.keys(change).length > 0) emit({ type: 'changed', id: run.id, ingested: null });
  }

  /** Of those that are followed: what is new, and whether their worker is still there. */
  async function follow() {
    for (const folder of following) {
      const run = known.get(folder);
      if (!run) following.delete(folder);
      else {
        await refresh(run);
        if (isLost(run)) await conclude(run, null, () => isLost(run));
      }
    }
  }

  /** Its worker is gone, and nobody is going to say how it ended. */
  function isLost({ id, state }: Known): boolean {
    return state !== null && !attended.has(id) && isOrphaned(state, Date.now());
  }

  /**
   * The worker of a run is gone: what it had still written counts, and if that is no end, this is the end. Unless by
   * then it is no more `meant`: another worker may have gone on with the run.
   */
  async function conclude(run: Known, end: WorkerEnd | null, isMeant: () => boolean) {
    await refresh(run);
    const row = closed ? undefined : store.runs.row(run.id);
    if (!row || !run.state || !isActive(run.state.state) || !isMeant()) return;
    const folder = join(runsFolder, run.folder);
    const ending = isActive(row.state) ? endingOf(end, folder) : { state: row.state, error: run.state.error };
    writeState(folder, { ...run.state, ...ending, stage: ending.state });
    await refresh(run);
  }

  /** A folder that is not known yet. */
  function discover(folder: string): Known {
    const path = join(runsFolder, folder);
    let row = rowOfFolder(path);
    const other = store.runs.row(row.id);
    if (other && other.folder !== folder)
      row = brokenRow(path, `It says it is run ${row.id}, as ${other.folder} does.`);
    store.transaction(() => {
      store.runs.insert(row);
      if (row.state === 'queued' && !row.trashedAt) store.queue.put(row.id);
    });
    return remember(row.id, folder);
  }

  function forget(run: Known) {
    known.delete(run.folder);
    following.delete(run.folder);
    store.runs.remove(run.id);
    emit({ type: 'removed', id: run.id });
  }

  /** One pass over the folder of runs: new ones, gone ones, and some of those at rest. */
  async function scanOnce() {
    const names = foldersIn(runsFolder);
    if (!names) return; // not readable now, a disk that is away: nothing is gone because of that
    const present = new Set(names);
    for (const run of [...known.values()]) if (!present.has(run.folder)) forget(run);
    for (const name of names) {
      if (closed) return;
      if (known.has(name)) continue;
      const run = discover(name);
      await refresh(run);
      emit({ type: 'changed', id: run.id, ingested: null });
    }
    const resting = [...known.values()].filter((run) => !following.has(run.folder));
    const most = scanned ? restingPerScan : resting.length; // once all, for what happened while nobody looked
    const some = resting.slice(restingFrom, restingFrom + most);
    restingFrom = restingFrom + most < resting.length ? restingFrom + most : 0;
    for (const run of some) {
      if (fileStamp(join(runsFolder, run.folder, 'state.json')) !== run.stateStamp) await refresh(run);
    }
    scanned = true;
  }

  function scan(): Promise<void> {
    scanning ??= scanOnce()
      .catch((thrown: unknown) => onWarning(String(thrown)))
      .finally(() => {
        scanning = null;
      });
    return scanning;
  }

  function every(intervalMs: number, work: () => Promise<void>) {
    let busy = false;
    const timer = setInterval(async () => {
      if (busy || closed) return;
      busy = true;
      await work().catch((thrown: unknown) => onWarning(String(thrown)));
      busy = false;
    }, intervalMs);
    timers.push(timer);
  }

  return {
    /** Brings runs up to date that had a worker or were queued; the rest follows in the background, unless `scan` is awaited. */
    async start() {
      for (const row of store.runs.inStates(['queued', 'preparing', 'running', 'pausing', 'stopping'])) {
        const run = known.get(row.folder);
        if (!run) continue;
        await refresh(run);
        if (isLost(run)) await conclude(run, null, () => isLost(run));
      }
      every(followMs, follow);
      every(scanMs, scan);
      try {
        watcher = watch(runsFolder, () => void scan()).on('error', () => watcher?.close());
      } catch {
        // The system cannot tell of changes here; scanning does.
      }
      void scan();
    },
    scan,
    /** A folder that this process has just made. */
    async add(folder: string): Promise<string> {
      const run = known.get(folder) ?? discover(folder);
      await refresh(run);
      emit({ type: 'changed', id: run.id, ingested: null });
      return run.id;
    },
    async refresh(id: string) {
      const run = find(id);
      if (run) await refresh(run);
    },
    /** This process has started the worker of a run, and will say how it ended. */
    workerStarted: (id: string) => void attended.set(id, (attended.get(id) ?? 0) + 1),
    async workerEnded(id: string, end: WorkerEnd, isMeant: () => boolean) {
      const run = find(id);
      // It cannot be written down where the folder was removed meanwhile.
      if (run) await conclude(run, end, isMeant).catch((thrown: unknown) => onWarning(String(thrown)));
      // Only now: before, whoever follows the run would take its worker for one of which no more is known.
      const others = (attended.get(id) ?? 0) - 1;
      if (others > 0) attended.set(id, others);
      else attended.delete(id);
    },
    forget(id: string) {
      const run = find(id);
      if (run) forget(run);
    },
    stateOf: (id: string): RunStateFile | null => find(id)?.state ?? null,
    /** A row was changed by hand. */
    touched: (id: string) => emit({ type: 'changed', id, ingested: null }),
    onChange(listener: (change: IndexChange) => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      closed = true;
      emit({ type: 'closed', id: null });
      watcher?.close();
      for (const timer of timers) clearInterval(timer);
      await scanning;
      await Promise.all([...known.values()].map((run) => run.refreshing));
    },
  };
}

/** What the state file changes in the row. An end that an event told is not taken back by an older state. */
function changeBy(state: RunStateFile, row: RunRow): Partial<RunRow> {
  const wanted: Partial<RunRow> = {
    state: state.state,
    stage: state.stage,
    device: state.device ?? row.device,
    totalSteps: state.totalSteps ?? row.totalSteps,
    error: state.error
      ? JSON.stringify(state.error)
      : isActive(state.state) || state.state === 'queued'
        ? null
        : row.error,
  };
  if (state.state === 'queued' || isActive(state.state)) wanted.endedAt = null;
  else Object.assign(wanted, { endedAt: row.endedAt ?? state.updatedAt, remaining: null, progress: null });
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => value !== row[key as keyof RunRow]));
}

function foldersIn(path: string): string[] | null {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch {
    return null;
  }
}
