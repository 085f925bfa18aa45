import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CheckpointImport, CheckpointPreview } from '../../common/checkpoints.ts';
import { AppError } from '../../common/errors.ts';
import { useTRPC, useTRPCClient } from '../api/client.ts';
import { runTask, type TaskProgress } from '../api/run-task.ts';
import type { SentFolder } from './upload.ts';
import { type ImportSource, useSentFile } from './use-sent-file.ts';

/** What was chosen by hand; undefined is recognised. */
export interface Recognition {
  arch?: string;
  encoder?: string;
  prefix?: string;
}

export interface ImportOptions {
  name: string;
  link: boolean;
}

/** A file on its way into the workspace: sent if it must be, looked into, taken in. Whatever is left undone leaves nothing. */
export function useImport(source: ImportSource, recognition: Recognition) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const [progress, setProgress] = useState<TaskProgress | null>(null);
  const importing = useRef<AbortController>(null);
  const { path, error: uploadError, keep } = useSentFile(source, setProgress);

  const preview = useQuery({
    queryKey: ['checkpoint-preview', path, recognition],
    enabled: path !== undefined,
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => {
      const start = () => client.checkpoints.preview.mutate({ file: path!, ...recognition });
      return runTask<CheckpointPreview>(client, start, { signal, onProgress: setProgress });
    },
  });

  // A choice by which the file cannot be read leaves the preview before it, and with it the way back.
  const [shown, setShown] = useState<CheckpointPreview>();
  useEffect(() => {
    if (preview.data) setShown(preview.data);
  }, [preview.data]);

  const take = useMutation({
    mutationFn: async (options: ImportOptions) => {
      const abort = new AbortController();
      importing.current = abort;
      setProgress(null);
      const start = () =>
        client.checkpoints.import.mutate({
          file: path!,
          ...recognition,
          name: options.name.trim() || undefined,
          link: options.link,
        });
      return await runTask<CheckpointImport>(client, start, { signal: abort.signal, onProgress: setProgress });
    },
    onSuccess: () => {
      keep();
      queryClient.invalidateQueries({ queryKey: trpc.checkpoints.list.queryKey() });
    },
  });

  return {
    sending: path === undefined && uploadError === null,
    uploadError,
    preview: shown,
    previewing: path !== undefined && preview.isFetching,
    previewError: nameInstead(preview.error, source, path),
    progress,
    take,
    takeError: nameInstead(take.error, source, path),
    cancel: () => importing.current?.abort(new DOMException('Cancelled', 'AbortError')),
  };
}

/** A file that was sent lies where nobody wants to know: its own name stands for that. */
export function nameInstead(
  error: Error | null,
  source: ImportSource | { folder: SentFolder },
  path: string | undefined,
): Error | null {
  if (!(error instanceof AppError) || 'path' in source || path === undefined) return error;
  const { code, message, cure } = error;
  const { name } = 'file' in source ? source.file : source.folder;
  return new AppError(code, message.replaceAll(path, name), { cure });
}
