/** The order in which queued runs start. */
import type { QueueState } from '../../common/updates.ts';

export interface QueueService {
  list(): QueueState;
  /** To a place among the queued, 0 being next. */
  move(id: string, position: number): QueueState;
  hold(): QueueState;
  release(): QueueState;
  watch(options: { signal?: AbortSignal }): AsyncGenerator<QueueState>;
}
