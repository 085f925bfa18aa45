import { useEffect, useState } from 'react';
import { pathOfFile, useTRPCClient } from '../api/client.ts';
import { showError } from '../api/errors.ts';
import { uploadFile } from '../checkpoints/upload.ts';

export interface OneImage {
  /** Of the image that stands for the data set; null: none does. */
  name: string | null;
  /** On the machine of the studio; null until it is there. */
  path: string | null;
  open: (file: File) => void;
  forget: () => void;
}

/** An image that was dropped or picked: where the studio can read it, which from a browser takes sending it. */
export function useOneImage(): OneImage {
  const client = useTRPCClient();
  const [file, setFile] = useState<File | null>(null);
  const [path, setPath] = useState<string | null>(null);

  useEffect(() => {
    setPath(null);
    if (!file) return;
    const local = pathOfFile(file);
    if (local) return setPath(local);
    const abort = new AbortController();
    let sent: string | null = null;
    const discard = () => {
      if (sent) client.checkpoints.discardUpload.mutate({ file: sent }).catch(() => undefined);
    };
    uploadFile(file, { signal: abort.signal, onProgress: () => undefined }).then(
      (arrived) => {
        sent = arrived;
        if (abort.signal.aborted) discard();
        else setPath(arrived);
      },
      (error) => {
        if (abort.signal.aborted) return;
        showError(`${file.name} could not be opened`, error);
        setFile(null);
      },
    );
    return () => {
      abort.abort();
      discard();
    };
  }, [file, client]);

  return { name: file?.name ?? null, path, open: setFile, forget: () => setFile(null) };
}
