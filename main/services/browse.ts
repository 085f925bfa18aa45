/** Folders to pick from, through a browser. */
import { opendir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { FolderEntry, FolderListing } from '../../common/system.ts';

const mostFolders = 1000;
/** For all folders of a listing together: a listing must not be waited for. */
const countMs = 300;
const isImage = /^[^.].*\.(?:jpe?g|png|webp|gif|tiff?|bmp)$/i;

export async function browseFolder(path: string | undefined, workspace: string): Promise<FolderListing> {
  const here = resolve(path || homedir());
  const { images, names } = await look(here, Number.POSITIVE_INFINITY).catch((thrown: NodeJS.ErrnoException) => {
    const why = { ENOENT: 'does not exist', ENOTDIR: 'is no folder', EACCES: 'may not be read' }[thrown.code ?? ''];
    throw new AppError('not-found', `${here} ${why ?? 'cannot be read'}.`, { cause: thrown });
  });
  const untilMs = Date.now() + countMs;
  const folders: FolderEntry[] = [];
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).slice(0, mostFolders)) {
    const path = join(here, name);
    folders.push({ name, path, images: Date.now() > untilMs ? null : await countImages(path, untilMs) });
  }
  const parent = dirname(here);
  return {
    path: here,
    parent: parent === here ? null : parent,
    folders,
    images: images ?? 0,
    truncated: names.length > mostFolders,
    shortcuts: [
      { label: 'Home', path: homedir() },
      { label: 'Data sets of the workspace', path: join(workspace, 'datasets') },
      { label: 'Workspace', path: workspace },
    ],
  };
}

function countImages(path: string, untilMs: number): Promise<number | null> {
  return look(path, untilMs).then(
    ({ images }) => images,
    () => null,
  );
}

async function look(path: string, untilMs: number): Promise<{ images: number | null; names: string[] }> {
  const names: string[] = [];
  let images = 0;
  let seen = 0;
  for await (const entry of await opendir(path, { bufferSize: 256 })) {
    if (isImage.test(entry.name)) images++;
    else if ((entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.')) names.push(entry.name);
    if (++seen % 256 === 0 && Date.now() > untilMs) return { images: null, names };
  }
  return { images, names };
}
