/** Takes queued runs in their order and gives each a worker: one at a time for each device. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, asAppError } from '../../common/errors.ts';
import { isActive, runStates } from '../../common/records.ts';
import type { QueueState } from '../../common/updates.ts';
import type { Store } from '../store/index.ts';
import type { RunRow } from '../store/rows.ts';
import type { Indexer } from './indexer.ts';
import { clearControl, isAlive, preparingState, queuedState, readState, writeState } from './run-folder.ts';
import type { StartedWorker, WorkerLauncher } from './worker-process.ts';

export type Scheduler = ReturnType<typeof createScheduler>;

export interface SchedulerOptions {
  store: Store;
  indexer: Indexer;
  launchWorker: WorkerLauncher;
  runsFolder: string;
  /** Runs with the same answer are not run at the same time. */
  deviceOf(config: Record<string, unknown>): 'gpu' | 'cpu';
}

const activeStates = runStates.filter(isActive);

/** The stage of a run that was in the queue and is not any more. */
export const takenOut = 'taken from the queue';

/** A worker that has told its end is gone soon after; one that is not may hang. */
const goneWithinMs = 30_000;

export function createScheduler({ store, indexer, launchWorker, runsFolder, deviceOf }: SchedulerOptions) {
  /** Workers that this application started and that have not ended. */
  const workers = new Map<string, { worker: StartedWorker; concluded: Promise<void> }>();
  /** Runs that are being given a worker: the database calls them queued until that is there. */
  const starting = new Map<string, Promise<void>>();
  const listeners = new Set<() => void>();
  let started = false;
  let closed = false;
  let working: Promise<void> | null = null;
  let again = false;

  const stopListening = indexer.onChange(() => kick());

  /** Looks whether something can start; cheap, and called whenever anything has changed. */
  function kick() {
    if (closed) return;
    if (working) {
      again = true;
      return;
    }
    working = startWhatCan().finally(() => {
      working = null;
      if (again && !closed) {
        again = false;
        kick();
      }
    });
  }

  async function startWhatCan() {
    if (!started || closed || store.settings.get('queueHold')) return;
    const order = store.queue.order();
    if (order.length === 0) return;
    const busy = new Set(store.runs.inStates(activeStates).map(deviceOfRow));
    const held = new Set(store.queue.held());
    for (const id of order) {
      if (held.has(id)) continue;
      const row = store.runs.row(id);
      if (row?.state !== 'queued') continue;
      const device = deviceOfRow(row);
      if (busy.has(device)) continue;
      busy.add(device);
      const begun = start(row).finally(() => starting.delete(id));
      starting.set(id, begun);
      await begun;
    }
  }

  async function start(row: RunRow) {
    const folder = join(runsFolder, row.folder);
    workers.delete(row.id); // the exit of an earlier worker is no news any more
    try {
      clearControl(folder);
      writeState(folder, preparingState(process.pid, readState(folder)));
      const worker = await launchWorker(folder);
      // Only now: were the studio killed before, the run would still be in the queue.
      store.queue.remove(row.id);
      indexer.workerStarted(row.id);
      workers.set(row.id, { worker, concluded: concluded(row.id, worker) });
    } catch (thrown) {
      store.queue.remove(row.id);
      const { message } = asAppError(thrown);
      const error = { code: 'environment', message: `The worker could not be started: ${message}` };
      const failed = { ...queuedState(readState(folder)), state: 'failed' as const, stage: 'failed', error };
      if (existsSync(folder)) writeState(folder, failed); // one that was removed meanwhile is no run any more
    }
    await indexer.refresh(row.id);
    tell();
  }

  async function concluded(id: string, worker: StartedWorker) {
    const end = await worker.exited;
    const isNewest = () => workers.get(id)?.worker === worker; // no other one has gone on with the run
    await indexer.workerEnded(id, end, isNewest);
    if (isNewest()) workers.delete(id);
    kick();
  }

  /**
   * A worker tells its end before it is gone, and writes its state last of all: until then the folder is its own.
   * Throws `conflict` where it does not go.
   */
  async function workerGone({ name }: RunRow, folder: string) {
    const untilMs = performance.now() + goneWithinMs;
    for (;;) {
      const state = readState(folder);
      if (!state || state.pid === process.pid || !isAlive(state)) return;
      if (performance.now() > untilMs) {
        throw new AppError('conflict', `The worker of "${name}" (process ${state.pid}) has not ended yet.`, {
          cure: 'Wait until it has, or end that process.',
        });
      }
      await sleep(20);
    }
  }

  function deviceOfRow(row: RunRow): 'gpu' | 'cpu' {
    return deviceOf(JSON.parse(row.config));
  }

  function tell() {
    for (const listener of listeners) listener();
  }

  function changed(): QueueState {
    tell();
    kick();
    return state();
  }

  function state(): QueueState {
    const hold = store.settings.get('queueHold');
    const order = store.queue.order();
    const active = store.runs.inStates(activeStates);
    const rows = [...active, ...order.map((id) => store.runs.row(id)).filter((row) => row !== undefined)];
    return {
      held: hold !== null,
      reason: hold?.reason ?? null,
      order,
      heldRuns: store.queue.held(),
      active: active.map(({ id }) => id),
      devices: Object.fromEntries(rows.map((row) => [row.id, deviceOfRow(row)])),
    };
  }

  return {
    state,
    kick,
    /** Runs that were about to start when the studio was killed are queued as before. Before the indexer starts. */
    recover() {
      for (const id of store.queue.order()) {
        const row = store.runs.row(id);
        if (!row) continue;
        const folder = join(runsFolder, row.folder);
        const found = readState(folder);
        if (found?.state === 'preparing' && !isAlive(found)) writeState(folder, queuedState(found));
      }
    },
    start() {
      started = true;
      kick();
    },
    /** Resolves when a run that is being given a worker has it: from then on it is not queued. */
    settled: (id: string): Promise<void> => starting.get(id) ?? Promise.resolve(),
    /** Queues a run that is not in the queue; at the end and free to start unless told otherwise. */
    async enqueue(row: RunRow, position?: number, held = false) {
      const folder = join(runsFolder, row.folder);
      await workerGone(row, folder);
      const now = store.runs.row(row.id);
      if (!now || now.state === 'queued' || isActive(now.state)) return; // somebody else did the same meanwhile
      store.queue.put(row.id, position);
      if (held) store.queue.setHeld([row.id], true);
      writeState(folder, queuedState(readState(folder)));
      await indexer.refresh(row.id);
      changed();
    },
    /** A run that is queued ends as stopped, without ever having had this worker. */
    async dequeue(row: RunRow) {
      const folder = join(runsFolder, row.folder);
      store.queue.remove(row.id);
      writeState(folder, { ...queuedState(readState(folder)), state: 'stopped', stage: takenOut });
      await indexer.refresh(row.id);
      changed();
    },
    move(id: string, position: number): QueueState {
      if (store.queue.order().includes(id)) store.queue.put(id, position);
      return changed();
    },
    /** Those keep their places and are passed over until they are released. */
    setHeld(ids: string[], held: boolean): QueueState {
      store.queue.setHeld(ids, held);
      return changed();
    },
    hold(reason: string | null = null): QueueState {
      store.settings.set('queueHold', { reason });
      return changed();
    },
    release(): QueueState {
      store.settings.set('queueHold', null);
      return changed();
    },
    onChange(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Starts nothing more; with `stopWorkers` those that run save a checkpoint and end as interrupted. */
    async close(stopWorkers: boolean) {
      closed = true;
      stopListening();
      await working;
      if (!stopWorkers) return;
      const started = [...workers.values()];
      for (const { worker } of started) worker.kill('SIGTERM');
      await Promise.all(started.map((one) => one.concluded));
    },
  };
}
