import { useCallback, useEffect, useRef, useState } from 'react';
import { useTRPCClient } from '../api/client.ts';
import type { TaskProgress } from '../api/run-task.ts';
import { uploadFile } from './upload.ts';

/** A file of the computer that the page is shown on, or one of the machine that the studio runs on. */
export type ImportSource = { file: File } | { path: string };

/** A file that is sent if it must be; what was sent goes with the dialog that asked for it, unless it was `kept`. */
export function useSentFile(source: ImportSource, setProgress: (progress: TaskProgress) => void) {
  const client = useTRPCClient();
  const [path, setPath] = useState('path' in source ? source.path : undefined);
  const [error, setError] = useState<unknown>(null);
  const kept = useRef(false);
  const keep = useCallback(() => {
    kept.current = true;
  }, []);

  useEffect(() => {
    if ('path' in source) return;
    const abort = new AbortController();
    const onProgress = (done: number, total: number) => setProgress({ stage: 'sending the file', done, total });
    let sent: string | undefined;
    uploadFile(source.file, { signal: abort.signal, onProgress }).then(
      (path) => {
        sent = path;
        if (abort.signal.aborted) discard();
        else setPath(path);
      },
      (error) => abort.signal.aborted || setError(error),
    );
    const discard = () => {
      if (sent && !kept.current) client.checkpoints.discardUpload.mutate({ file: sent }).catch(() => undefined);
    };
    return () => {
      abort.abort();
      discard();
    };
  }, [source, client, setProgress]);

  return { path, error, keep };
}
