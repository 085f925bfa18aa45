/** Where runs come from: a bundle, or a log folder of TensorBoard, here or where the studio runs. */
import { AppError } from '../../common/errors.ts';
import { isEventFile, logFolder } from '../../common/interop.ts';
import type { SentFolder } from '../checkpoints/upload.ts';
import type { ImportSource } from '../checkpoints/use-sent-file.ts';

export type RunSource = ImportSource | { folder: SentFolder };

export function nameOf(source: RunSource): string {
  if ('path' in source) return source.path.slice(source.path.search(/[^/\\]*$/));
  return 'file' in source ? source.file.name : source.folder.name;
}

/** Tells one choice from the next. */
export function keyOf(source: RunSource): string {
  if ('path' in source) return source.path;
  if ('file' in source) return `${source.file.name} ${source.file.lastModified}`;
  return `${source.folder.name} ${source.folder.files.map(({ path, file }) => `${path} ${file.size}`).join()}`;
}

/** As a browser gives a chosen folder: each file with its path, which begins with the folder's name. */
export function chosenFolder(files: readonly File[]): SentFolder {
  const name = files[0]?.webkitRelativePath.split('/')[0] ?? 'The folder';
  const placed = files.map((file) => ({ file, path: file.webkitRelativePath.split('/').slice(1).join('/') }));
  return logFiles(
    name,
    placed.filter(({ path }) => isLogPath(path)),
  );
}

/** A folder that was dropped: what is in it is asked for bit by bit. */
export async function droppedFolder(root: FileSystemDirectoryEntry): Promise<SentFolder> {
  const found: SentFolder['files'] = [];
  const look = async (folder: FileSystemDirectoryEntry, below: string): Promise<void> => {
    for (const entry of await entriesOf(folder)) {
      const path = `${below}${entry.name}`;
      if (isFolder(entry) && !entry.name.startsWith('.') && path.split('/').length <= logFolder.deepest) {
        await look(entry, `${path}/`);
      }
      if (isFile(entry) && isLogPath(path)) found.push({ path, file: await fileOf(entry) });
    }
  };
  await look(root, '');
  return logFiles(root.name, found);
}

function isLogPath(path: string): boolean {
  const names = path.split('/');
  const hidden = names.some((name) => name.startsWith('.'));
  return !hidden && names.length <= logFolder.deepest + 1 && isEventFile(names.at(-1)!);
}

/** Of all that a folder holds its event files alone are sent. */
function logFiles(name: string, files: SentFolder['files']): SentFolder {
  const cure = 'Choose a log folder of TensorBoard, or name its path where the studio runs.';
  if (files.length === 0) {
    throw new AppError('usage', `${name} has no event files of TensorBoard (events.out.tfevents.*).`, { cure });
  }
  if (files.length > logFolder.mostFiles) {
    throw new AppError('usage', `${name} has ${files.length} event files; ${logFolder.mostFiles} are sent at most.`, {
      cure: 'Choose its sub-folders one by one, or name its path where the studio runs.',
    });
  }
  const large = files.find(({ file }) => file.size > logFolder.mostFileBytes);
  if (large) {
    throw new AppError(
      'usage',
      `${large.path} has ${large.file.size} bytes; ${logFolder.mostFileBytes} are sent at most.`,
      {
        cure: 'Copy the folder to where the studio runs, and name its path there.',
      },
    );
  }
  return { name, files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** A reader gives some at a time, none at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
