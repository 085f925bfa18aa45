import type { TRPCClient } from '@trpc/client';
import { AppError } from '../../common/errors.ts';
import type { LaunchedTask } from '../../common/records.ts';
import type { TaskUpdate } from '../../common/updates.ts';
import type { AppRouter } from '../../main/api/router.ts';

export interface TaskProgress {
  stage: string;
  done: number;
  total: number | null;
}

interface RunTaskOptions {
  /** Asks the task to end; the promise is rejected with an AbortError once it has. */
  signal?: AbortSignal;
  onProgress?: (progress: TaskProgress) => void;
}

/**
 * Starts a task and waits for its result. Throws an AppError with what the task said where it failed.
 * `Values` is what the kind of task is known to answer.
 */
export async function runTask<Values>(
  client: TRPCClient<AppRouter>,
  start: () => Promise<LaunchedTask>,
  { signal, onProgress }: RunTaskOptions = {},
): Promise<Values> {
  signal?.throwIfAborted();
  const { id } = await start();
  const cancel = () => void client.tasks.cancel.mutate({ id }).catch(() => undefined);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel);
  try {
    return await new Promise<Values>((resolve, reject) => {
      let result: Record<string, unknown> | undefined;
      let failure: AppError | undefined;
      const take = (update: TaskUpdate) => {
        if (update.type === 'progress') onProgress?.(update);
        else if (update.type === 'result') result = update.values;
        else if (update.type === 'failed') failure = new AppError(update.code, update.message, { cure: update.cure });
        else if (update.type === 'ended') {
          subscription.unsubscribe();
          if (update.state === 'finished' && result) resolve(result as Values);
          else if (signal?.aborted) reject(signal.reason);
          else reject(failure ?? new AppError('job-failed', `The task was ${update.state}.`));
        }
      };
      const subscription = client.tasks.watch.subscribe({ id }, { onData: ({ data }) => take(data), onError: reject });
    });
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
