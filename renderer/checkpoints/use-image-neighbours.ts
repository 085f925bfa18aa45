import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ImageNeighbours } from '../../common/evaluations.ts';
import { pathOfFile, useTRPCClient } from '../api/client.ts';
import { runTask, type TaskProgress } from '../api/run-task.ts';
import { uploadFile } from './upload.ts';

interface Found extends ImageNeighbours {
  /** Its task, whose images can be shown. */
  taskId: string;
}

/** Looks for the images of a folder that a checkpoint takes for alike; the image is sent to the studio if it must be. */
export function useImageNeighbours(checkpoint: string, image: File | null, data: string | null, neighbours: number) {
  const client = useTRPCClient();
  const [progress, setProgress] = useState<TaskProgress | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const wanted = image && `${image.name} ${image.size} ${image.lastModified}`;
  const asked = `${wanted} ${data}`;
  useEffect(() => {
    // Named, so that another image or folder is another question.
    void asked;
    setCancelled(false);
  }, [asked]);

  const search = useQuery({
    queryKey: ['image-neighbours', checkpoint, wanted, data, neighbours],
    enabled: image !== null && data !== null && !cancelled,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }): Promise<Found> => {
      setProgress(null);
      const own = pathOfFile(image!);
      const onSent = (done: number, total: number) => setProgress({ stage: 'sending the image', done, total });
      const file = own ?? (await uploadFile(image!, { signal, onProgress: onSent }));
      let taskId = '';
      const start = async () => {
        const task = await client.evaluations.neighbours.mutate({ checkpoint, data: data!, image: file, neighbours });
        taskId = task.id;
        return task;
      };
      try {
        const found = await runTask<ImageNeighbours>(client, start, { signal, onProgress: setProgress });
        return { ...found, taskId };
      } finally {
        if (own === undefined) client.checkpoints.discardUpload.mutate({ file }).catch(() => undefined);
      }
    },
  });
  return {
    ...search,
    searching: search.isFetching && !cancelled,
    progress,
    cancel: () => setCancelled(true),
    cancelled,
  };
}
