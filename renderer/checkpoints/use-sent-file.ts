import { useCallback, useEffect, useRef, useState } from 'react';
import { useTRPCClient } from '../api/client.ts';
import type { TaskProgress } from '../api/run-task.ts';
import { type SentFolder, uploadFile, uploadFolder } from './upload.ts';

/** A file of the computer that the page is shown on, or one of the machine that the studio runs on. */
export type ImportSource = { file: File } | { path: string };

/** A file, or a folder that can be sent as well; what was sent goes with the dialog that asked for it, unless it was `kept`. */
export function useSentFile(
  source: ImportSource | { folder: SentFolder },
  setProgress: (progress: TaskProgress) => void,
) {
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
    let sent: string | undefined;
    const options = {
      signal: abort.signal,
      onProgress: (done: number, total: number) => setProgress({ stage: 'sending it to the studio', done, total }),
      onPlace: (path: string) => {
        sent = path;
      },
    };
    const sending = 'file' in source ? uploadFile(source.file, options) : uploadFolder(source.folder, options);
    sending.then(
      (path) => {
        sent = path;
        if (abort.signal.aborted) discard();
        else setPath(path);
      },
      (error) => {
        discard();
        if (!abort.signal.aborted) setError(error);
      },
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
