import type { FolderReader, ScanProgress } from './folder-reader.ts';
import { compareCodePoints, isHidden, isImageName } from './names.ts';

/** The images below one folder: `path` is relative to it, '' for the folder itself; `names` are sorted. */
export interface Tree {
  folders: { path: string; names: string[] }[];
  warnings: string[];
}

export interface ScanState {
  /** Counts over the whole listing, moved on as the scan goes. */
  progress: ScanProgress;
  onProgress: ((progress: ScanProgress) => void) | undefined;
  signal: AbortSignal | undefined;
  /** Identities of the folders above: a link back to one of them is a loop. */
  ancestors: ReadonlySet<string>;
}

/** Files between two progress reports within one folder. */
const reportEvery = 4096;

/** Walks a folder, following links but never into a loop. Rejects with the signal's reason when it is aborted. */
export async function scanTree(root: string, reader: FolderReader, state: ScanState): Promise<Tree> {
  const { progress, onProgress, signal } = state;
  const tree: Tree = { folders: [], warnings: [] };
  await walk(root, '', state.ancestors);
  return tree;

  async function walk(folder: string, path: string, ancestors: ReadonlySet<string>): Promise<void> {
    signal?.throwIfAborted();
    const identity = await reader.identity(folder);
    if (ancestors.has(identity)) {
      tree.warnings.push(`The link ${folder} leads back to a folder above it and is left out`);
      return;
    }
    const names: string[] = [];
    const subfolders: string[] = [];
    for await (const { name, kind } of reader.entries(folder)) {
      if (isHidden(name)) continue;
      if (kind === 'folder') subfolders.push(name);
      else if (isImageName(name)) {
        if (kind === 'other') {
          tree.warnings.push(`${folder}/${name} is a link that leads nowhere, or no file, and is left out`);
          continue;
        }
        names.push(name);
        if (++progress.files % reportEvery === 0) {
          signal?.throwIfAborted();
          onProgress?.({ ...progress });
        }
      }
    }
    if (names.length > 0) tree.folders.push({ path, names: names.sort(compareCodePoints) });
    progress.folders++;
    onProgress?.({ ...progress });
    const above = subfolders.length > 0 ? new Set(ancestors).add(identity) : ancestors;
    for (const name of subfolders) {
      await walk(`${folder}/${name}`, path === '' ? name : `${path}/${name}`, above);
    }
  }
}
