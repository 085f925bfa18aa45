/** Folders to pick from, through a browser. */
import { opendir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { FileEntry, FolderEntry, FolderListing } from '../../common/system.ts';

const mostFolders = 1000;
/** For all folders of a listing together: a listing must not be waited for. */
const countMs = 300;
const isCheckpoint = /^[^.].*\.(?:pth|pt|pkl|ckpt|bin|tar|safetensors)$/i;
const isImage = /^[^.].*\.(?:jpe?g|png|webp|gif|tiff?|bmp)$/i;

export interface BrowseOptions {
  /** Files that may be checkpoints are listed too. */
  checkpoints?: boolean;
}

/** Left out: the home folder. */
export async function browseFolder(
  path: string | undefined,
  workspace: string,
  { checkpoints = false }: BrowseOptions = {},
): Promise<FolderListing> {
  const here = resolve(path || homedir());
  const { images, names, files } = await look(here, Number.POSITIVE_INFINITY).catch((thrown: NodeJS.ErrnoException) => {
    const why = { ENOENT: 'does not exist', ENOTDIR: 'is no folder', EACCES: 'may not be read' }[thrown.code ?? ''];
    throw new AppError('not-found', `${here} ${why ?? 'cannot be read'}.`, { cause: thrown });
  });
  const untilMs = Date.now() + countMs;
  const folders: FolderEntry[] = [];
  for (const name of names.sort(byName).slice(0, mostFolders)) {
    const path = join(here, name);
    folders.push({ name, path, images: Date.now() > untilMs ? null : await countImages(path, untilMs) });
  }
  const wanted = checkpoints ? files.sort(byName) : [];
  const parent = dirname(here);
  return {
    path: here,
    parent: parent === here ? null : parent,
    folders,
    images: images ?? 0,
    checkpoints: await entriesOf(here, wanted.slice(0, mostFolders)),
    truncated: names.length > mostFolders || wanted.length > mostFolders,
    shortcuts: [
      { label: 'Home', path: homedir() },
      { label: 'Data sets of the workspace', path: join(workspace, 'datasets') },
      { label: 'Workspace', path: workspace },
    ],
  };
}

const byName = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

async function entriesOf(folder: string, names: string[]): Promise<FileEntry[]> {
  const entries = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      return found?.isFile() ? [{ name, path, sizeBytes: found.size }] : [];
    }),
  );
  return entries.flat();
}

function countImages(path: string, untilMs: number): Promise<number | null> {
  return look(path, untilMs).then(
    ({ images }) => images,
    () => null,
  );
}

interface Look {
  images: number | null;
  /** Of folders, and of files that may be checkpoints. */
  names: string[];
  files: string[];
}

async function look(path: string, untilMs: number): Promise<Look> {
  const names: string[] = [];
  const files: string[] = [];
  let images = 0;
  let seen = 0;
  for await (const entry of await opendir(path, { bufferSize: 256 })) {
    if (isImage.test(entry.name)) images++;
    else if (isCheckpoint.test(entry.name) && !entry.isDirectory()) files.push(entry.name);
    else if ((entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.')) names.push(entry.name);
    if (++seen % 256 === 0 && Date.now() > untilMs) return { images: null, names, files };
  }
  return { images, names, files };
}
