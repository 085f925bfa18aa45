/** Jobs that leave a result and no run: they live in `<workspace>/cache/tasks` and are followed like runs. */
import type { JobKind } from '../../common/jobs/index.ts';
import type { LaunchedTask } from '../../common/records.ts';
import type { TaskUpdate } from '../../common/updates.ts';

export interface TaskService {
  start(kind: JobKind, config: Record<string, unknown>): Promise<LaunchedTask>;
  /** Everything that the task has reported after event `afterSeq`, then what it reports, to its end. */
  watch(id: string, options: { afterSeq?: number; signal?: AbortSignal }): AsyncGenerator<[seq: number, TaskUpdate]>;
  cancel(id: string): Promise<void>;
}
