/** The order in which queued runs start. */
import { AppError } from '../../common/errors.ts';
import type { RunRecord } from '../../common/records.ts';
import type { QueueEstimates, QueuePlace, QueueState } from '../../common/updates.ts';
import type { Indexer } from '../jobs/indexer.ts';
import { createMailbox } from '../jobs/mailbox.ts';
import { type Scheduler, takenOut } from '../jobs/scheduler.ts';
import type { Store } from '../store/index.ts';
import type { Durations, PlannedJob } from './durations.ts';
import type { LaunchService } from './launch.ts';

export interface QueueService {
  list(): QueueState;
  /** Seconds that each run in the queue or at work still needs; null where none like it has run before. */
  estimates(): Promise<QueueEstimates>;
  /** To a place among the queued, 0 being next. */
  move(id: string, position: number): QueueState;
  /** These runs, or the whole queue where none are named; what runs goes on. */
  hold(ids?: string[]): QueueState;
  release(ids?: string[]): QueueState;
  /** They end as stopped without having started. What is returned puts them back. */
  remove(ids: string[]): Promise<QueuePlace[]>;
  /** Runs that were taken out, where they were. */
  putBack(places: QueuePlace[]): Promise<QueueState>;
  watch(options: { signal?: AbortSignal }): AsyncGenerator<QueueState>;
}

interface QueuePorts {
  store: Store;
  scheduler: Scheduler;
  indexer: Indexer;
  launch: Pick<LaunchService, 'check'>;
  durations: Durations;
}

export function createQueueService({ store, scheduler, indexer, launch, durations }: QueuePorts): QueueService {
  /** Of runs that were in the queue when it was asked last: a check is not made twice. */
  let stepsInAll = new Map<string, number | null>();

  async function totalSteps({ id, kind, config, totalSteps }: RunRecord): Promise<number | null> {
    if (totalSteps !== null) return totalSteps;
    const known = stepsInAll.get(id);
    return known === undefined ? ((await launch.check(kind, config)).estimates?.totalSteps ?? null) : known;
  }

  function refuseAbsent(ids: string[]) {
    const order = new Set(store.queue.order());
    const absent = ids.find((id) => !order.has(id));
    if (absent === undefined) return;
    throw new AppError('not-found', `Run ${absent} is not in the queue.`, {
      cure: 'It has started, or was taken out.',
    });
  }

  function setHeld(ids: string[], held: boolean): QueueState {
    refuseAbsent(ids);
    return scheduler.setHeld(ids, held);
  }

  function takenOutRow(id: string) {
    const row = store.runs.row(id);
    if (row?.state === 'stopped' && row.stage === takenOut && !row.trashedAt) return row;
    const why = row ? `"${row.name}" is ${row.trashedAt ? 'in the trash' : row.state}` : `There is no run ${id}`;
    throw new AppError('conflict', `${why}: it cannot be put back in the queue.`, { cure: 'Resume or duplicate it.' });
  }

  return {
    list: () => scheduler.state(),

    async estimates() {
      const { active, order } = scheduler.state();
      const known = new Map<string, number | null>();
      const planned: (PlannedJob & { id: string })[] = [];
      for (const id of [...active, ...order]) {
        const run = store.runs.get(id);
        if (!run) continue;
        const all = await totalSteps(run);
        known.set(id, all);
        const { kind, config, step } = run;
        planned.push({ id, kind, config, steps: all === null ? null : Math.max(0, all - step) });
      }
      stepsInAll = known;
      const seconds = await durations(planned);
      return Object.fromEntries(planned.map(({ id }, at) => [id, seconds[at]!]));
    },

    move(id, position) {
      refuseAbsent([id]);
      return scheduler.move(id, position);
    },
    hold: (ids) => (ids ? setHeld(ids, true) : scheduler.hold()),
    release: (ids) => (ids ? setHeld(ids, false) : scheduler.release()),

    async remove(ids) {
      refuseAbsent(ids);
      const held = new Set(store.queue.held());
      const places = store.queue
        .order()
        .map((id, position) => ({ id, position, held: held.has(id) }))
        .filter(({ id }) => ids.includes(id));
      for (const { id } of places) {
        await scheduler.settled(id);
        const row = store.runs.row(id);
        if (row?.state === 'queued') await scheduler.dequeue(row);
      }
      return places;
    },

    async putBack(places) {
      const rows = places.map(({ id }) => takenOutRow(id));
      // From the front, so that each finds those before it where they were.
      const byPosition = places
        .map((place, at) => ({ ...place, row: rows[at]! }))
        .sort((a, b) => a.position - b.position);
      for (const { row, position, held } of byPosition) await scheduler.enqueue(row, position, held);
      return scheduler.state();
    },

    async *watch({ signal }) {
      const changes = createMailbox<null>(() => null);
      const stop = [
        scheduler.onChange(() => changes.put(null)),
        indexer.onChange(({ type }) => (type === 'closed' ? changes.end() : changes.put(null))),
      ];
      try {
        let sent = JSON.stringify(scheduler.state());
        yield scheduler.state();
        for await (const _ of changes.deliveries(signal)) {
          const state = scheduler.state();
          const text = JSON.stringify(state);
          if (text !== sent) yield state;
          sent = text;
        }
      } finally {
        for (const unsubscribe of stop) unsubscribe();
      }
    },
  };
}
