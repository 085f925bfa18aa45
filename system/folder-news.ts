/** Hears of files that come into a folder: at once where the system tells, else when it is time to look again. */
import { type FSWatcher, watch } from 'node:fs';

export interface FolderNews {
  /** Resolves when something may have changed since it was last asked. */
  next(): Promise<void>;
  close(): void;
}

export function watchFolder(folder: string, lookAgainMs: number): FolderNews {
  let news = false;
  let wake = () => {};
  const tell = () => {
    news = true;
    wake();
  };
  const watcher = watchOrNull(folder, tell);
  const timer = setInterval(tell, lookAgainMs);
  return {
    async next() {
      if (!news) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      news = false;
    },
    close() {
      clearInterval(timer);
      watcher?.close();
      tell();
    },
  };
}

/** Some file systems tell nothing, and a machine has only so many watches. */
function watchOrNull(folder: string, tell: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, tell);
    return watcher.on('error', () => watcher.close());
  } catch {
    return null;
  }
}
