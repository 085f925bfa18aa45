import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { RunImport } from '../../common/interop.ts';
import { useTRPCClient } from '../api/client.ts';
import { runTask, type TaskProgress } from '../api/run-task.ts';
import { nameInstead } from '../checkpoints/use-import.ts';
import { useSentFile } from '../checkpoints/use-sent-file.ts';
import type { RunSource } from './run-source.ts';

/** Runs on their way into the workspace: sent if they must be, looked at, taken in. What is left undone leaves nothing. */
export function useRunImport(source: RunSource) {
  const client = useTRPCClient();
  const [progress, setProgress] = useState<TaskProgress | null>(null);
  const importing = useRef<AbortController>(null);
  const { path, error: uploadError } = useSentFile(source, setProgress);
  // A dialog that is gone wants nothing any more.
  useEffect(() => () => importing.current?.abort(), []);

  const preview = useQuery({
    queryKey: ['run-import-preview', path],
    enabled: path !== undefined,
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const start = () => client.interop.preview.mutate({ source: path! });
      return runTask<RunImport>(client, start, { signal, onProgress: setProgress });
    },
  });

  const take = useMutation({
    mutationFn: () => {
      const abort = new AbortController();
      importing.current = abort;
      setProgress(null);
      const start = () => client.interop.import.mutate({ source: path! });
      return runTask<RunImport>(client, start, { signal: abort.signal, onProgress: setProgress });
    },
  });

  return {
    sending: path === undefined && uploadError === null,
    uploadError,
    preview: preview.data,
    previewing: path !== undefined && preview.isFetching,
    previewError: nameInstead(preview.error, source, path),
    progress,
    take,
    takeError: importing.current?.signal.aborted ? null : nameInstead(take.error, source, path),
    cancel: () => importing.current?.abort(new DOMException('Cancelled', 'AbortError')),
  };
}
