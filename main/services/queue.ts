/** The order in which queued runs start. */
import { AppError } from '../../common/errors.ts';
import type { QueueState } from '../../common/updates.ts';
import type { Indexer } from '../jobs/indexer.ts';
import { createMailbox } from '../jobs/mailbox.ts';
import type { Scheduler } from '../jobs/scheduler.ts';

export interface QueueService {
  list(): QueueState;
  /** To a place among the queued, 0 being next. */
  move(id: string, position: number): QueueState;
  hold(): QueueState;
  release(): QueueState;
  watch(options: { signal?: AbortSignal }): AsyncGenerator<QueueState>;
}

export function createQueueService(scheduler: Scheduler, indexer: Indexer): QueueService {
  return {
    list: () => scheduler.state(),
    move(id, position) {
      if (!scheduler.state().order.includes(id)) {
        throw new AppError('not-found', `Run ${id} is not in the queue.`, {
          cure: 'It has started, or was taken out.',
        });
      }
      return scheduler.move(id, position);
    },
    hold: () => scheduler.hold(),
    release: () => scheduler.release(),

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
