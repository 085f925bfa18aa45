import type { Dirent } from 'node:fs';
import { opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { FolderEntry, FolderReader } from '../../engine/datasets/folder-reader.ts';

/** Folders of this machine. Streams them, so that a folder with a million files is never held as a list of entries. */
export const diskReader: FolderReader = {
  async *entries(path) {
    try {
      // Larger batches than the default 32: fewer trips through the thread pool.
      for await (const entry of await opendir(path, { bufferSize: 1024 })) {
        yield { name: entry.name, kind: await kindOf(path, entry) };
      }
    } catch (thrown) {
      throw folderError(path, thrown);
    }
  },
  async identity(path) {
    try {
      return await realpath(path);
    } catch (thrown) {
      throw folderError(path, thrown);
    }
  },
};

async function kindOf(folder: string, entry: Dirent): Promise<FolderEntry['kind']> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  try {
    // A link, or a file system that does not tell kinds with the names.
    const status = await stat(join(folder, entry.name));
    return status.isFile() ? 'file' : status.isDirectory() ? 'folder' : 'other';
  } catch {
    return 'other'; // a link that leads nowhere, or in circles
  }
}

/** What the system said about a folder, for people. Anything but the system's own error is passed on as it is. */
export function folderError(path: string, thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (code) {
    case 'ENOENT':
      return new AppError('data-invalid', `There is no folder ${path}`, {
        cure: 'Check the spelling, and whether its disk is mounted.',
        cause: thrown,
      });
    case 'ENOTDIR':
      return new AppError('data-invalid', `${path} is a file, not a folder`, {
        cure: 'Give the folder that holds the images, not one of its files.',
        cause: thrown,
      });
    case 'EACCES':
    case 'EPERM':
      return new AppError('data-invalid', `The folder ${path} cannot be read: permission denied`, {
        cure: `Give this user the right to read it (chmod u+rx "${path}"), or choose another folder.`,
        cause: thrown,
      });
    case 'ELOOP':
      return new AppError('data-invalid', `${path} is a link that leads in circles`, {
        cure: 'Remove the link, or give the folder itself.',
        cause: thrown,
      });
  }
  if (typeof code === 'string' && /^E[A-Z0-9]+$/.test(code)) {
    return new AppError('data-invalid', `The folder ${path} cannot be read: ${(thrown as Error).message}`, {
      cause: thrown,
    });
  }
  return thrown;
}
