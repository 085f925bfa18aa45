import { useLocalStorage } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { LaunchedTask } from '../../common/records.ts';
import { exportedFolder } from '../../common/updates.ts';
import { isDesktop, taskFileUrl, useTRPC, useTRPCClient } from '../api/client.ts';
import { runTask, type TaskProgress } from '../api/run-task.ts';
import { downloadFrom } from '../ui/download.ts';

export interface ExportTarget {
  target: string;
  overwrite: boolean;
  download: boolean;
}

interface FileExport {
  fileName: string;
  /** A folder cannot be downloaded. */
  downloadable?: boolean;
  start: (target: ExportTarget) => Promise<LaunchedTask>;
}

/**
 * A task that writes a file: into a folder where the studio runs, or to be downloaded. The page is in a browser only
 * where it is not in the desktop application, whose machine is that of the studio.
 */
export function useFileExport<Result>({ fileName, downloadable = true, start }: FileExport) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const home = useQuery(trpc.system.browse.queryOptions({}));
  const [chosen, setFolder] = useLocalStorage<string | null>({ key: 'export-folder', defaultValue: null });
  const [wanted, setDownload] = useLocalStorage({ key: 'export-download', defaultValue: true });
  const [progress, setProgress] = useState<TaskProgress | null>(null);
  const running = useRef<AbortController>(null);
  const offersDownload = downloadable && !isDesktop();
  const download = offersDownload && wanted;
  const folder = chosen ?? home.data?.path ?? '';

  const write = useMutation({
    mutationFn: async (overwrite: boolean) => {
      const abort = new AbortController();
      running.current = abort;
      setProgress(null);
      let task = '';
      const begin = async () => {
        const target = download ? fileName.trim() : `${folder.trim().replace(/[/\\]+$/, '')}/${fileName.trim()}`;
        const launched = await start({ target, overwrite, download });
        task = launched.id;
        return launched;
      };
      const result = await runTask<Result>(client, begin, { signal: abort.signal, onProgress: setProgress });
      if (download) downloadFrom(taskFileUrl(task, `${exportedFolder}/${fileName.trim()}`));
      return { ...result, downloaded: download };
    },
  });

  return {
    write,
    progress,
    cancel: () => running.current?.abort(new DOMException('Cancelled', 'AbortError')),
    error: running.current?.signal.aborted ? null : write.error,
    /** What `ExportPlace` shows. */
    place: { folder, setFolder, download, setDownload: offersDownload ? setDownload : null },
    ready: fileName.trim() !== '' && (download || folder.trim() !== ''),
  };
}
