import { useMutation } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useRef, useState } from 'react';
import { useTRPC } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { afterUpdate, freshTask, type TaskState, type WatchedUpdate } from './task-state.ts';

export interface WatchedTask {
  /** Null before one is started. */
  task: TaskState | null;
  running: boolean;
  /** Follows a task that was started. */
  follow: (id: string) => void;
  cancel: () => void;
  forget: () => void;
}

/** Follows one task at a time; `onEnd` is told its last state. */
export function useTask(kind: 'task' | 'dry-run', onEnd?: (task: TaskState) => void): WatchedTask {
  const trpc = useTRPC();
  const [id, setId] = useState<string | null>(null);
  const [task, setTask] = useState<TaskState | null>(null);
  const latest = useRef(freshTask);
  const running = task !== null && task.ended === null;
  const cancel = useMutation(
    trpc.tasks.cancel.mutationOptions({ onError: (error) => showError('The task could not be cancelled', error) }),
  );

  function take(update: WatchedUpdate) {
    // Several reports may come before the page is drawn anew: the state that counts is not the drawn one.
    latest.current = afterUpdate(latest.current, update);
    setTask(latest.current);
    if (update.type === 'ended') onEnd?.(latest.current);
  }
  const input = { id: id ?? '' };
  const onError = (error: unknown) => {
    showError('The task could not be followed', error);
    setTask(null);
  };
  useSubscription(
    trpc.tasks.watch.subscriptionOptions(input, {
      enabled: kind === 'task' && id !== null && running,
      onData: ({ data }) => take(data),
      onError,
    }),
  );
  useSubscription(
    trpc.launch.watchDryRun.subscriptionOptions(input, {
      enabled: kind === 'dry-run' && id !== null && running,
      onData: ({ data }) => take(data),
      onError,
    }),
  );

  return {
    task,
    running,
    follow: (started) => {
      setId(started);
      latest.current = freshTask;
      setTask(freshTask);
    },
    cancel: () => id && cancel.mutate({ id }),
    forget: () => {
      setId(null);
      setTask(null);
    },
  };
}
