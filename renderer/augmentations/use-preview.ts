import { useSubscription } from '@trpc/tanstack-react-query';
import { useEffect, useRef, useState } from 'react';
import type { PreviewAnswer, PreviewRequest } from '../../common/views-preview.ts';
import { useTRPC, useTRPCClient } from '../api/client.ts';
import { codeOf } from '../api/errors.ts';
import type { TaskProgress } from '../api/run-task.ts';
import { createPreviewSession, type PreviewSession } from './preview-session.ts';

interface Preview {
  answer: PreviewAnswer | null;
  /** The newest answer that has pictures, and the task in whose folder they are. */
  shown: { task: string; answer: PreviewAnswer } | null;
  drawing: boolean;
  /** Of what takes long before anything can be drawn: the listing of a folder. */
  progress: TaskProgress | null;
  error: unknown;
  retry: () => void;
}

/** Draws what is asked for, and again whenever that changes; null asks for nothing. */
export function usePreview(request: PreviewRequest | null): Preview {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const session = useRef<PreviewSession>(null);
  const [answer, setAnswer] = useState<PreviewAnswer | null>(null);
  const [shown, setShown] = useState<Preview['shown']>(null);
  const [drawing, setDrawing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [task, setTask] = useState<string | null>(null);
  const [progress, setProgress] = useState<TaskProgress | null>(null);

  useEffect(() => {
    const opened = createPreviewSession(
      {
        open: () => client.viewPreviews.open.mutate(),
        draw: (id, wanted) => client.viewPreviews.draw.mutate({ task: id, request: wanted }),
        cancel: (id) => void client.tasks.cancel.mutate({ id }).catch(() => undefined),
        isGone: (thrown) => codeOf(thrown) === 'not-found',
      },
      {
        onAnswer: (id, answer) => {
          setAnswer(answer);
          if (answer.images.length > 0) setShown({ task: id, answer });
          setError(null);
          setProgress(null);
        },
        onError: setError,
        onBusy: setDrawing,
        onTask: setTask,
      },
    );
    session.current = opened;
    return () => opened.close();
  }, [client]);

  // By its content: a request that says the same is the same.
  const asked = request && JSON.stringify(request);
  useEffect(() => askFor(session.current, asked), [asked]);

  useSubscription(
    trpc.tasks.watch.subscriptionOptions(
      { id: task ?? '' },
      {
        enabled: task !== null,
        onData: ({ data }) => {
          if (data.type === 'progress') setProgress(data);
          if (data.type === 'ended') setTask(null);
        },
      },
    ),
  );

  return {
    answer,
    shown,
    drawing,
    progress: drawing ? progress : null,
    error,
    retry: () => askFor(session.current, asked),
  };
}

function askFor(session: PreviewSession | null, asked: string | null): void {
  if (asked) session?.ask(JSON.parse(asked) as PreviewRequest);
}
