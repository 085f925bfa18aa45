import type { FolderReader, ScanProgress } from './folder-reader.ts';
import { compareCodePoints, isHidden, isImageName } from './names.ts';

/** What a folder holds that matters here. Names are sorted by code point. */
export interface FolderContents {
  folders: string[];
  images: string[];
  /** Names of images that are neither file nor folder: links that lead nowhere. */
  dangling: string[];
}

/** The images below one folder: `path` is relative to it, '' for the folder itself. */
export interface Tree {
  folders: { path: string; images: string[] }[];
  warnings: string[];
}

/** What goes along with a scan: where it reads, whom it tells, who may stop it. */
export interface Scan {
  reader: FolderReader;
  /** Counts over the whole scan. */
  progress: ScanProgress;
  onProgress: ((progress: ScanProgress) => void) | undefined;
  signal: AbortSignal | undefined;
}

/** Images between two progress reports within one folder. */
const reportEvery = 4096;

/** Reads one folder. Rejects with the signal's reason when it is aborted. */
export async function readFolder(
  path: string,
  { reader, progress, onProgress, signal }: Scan,
): Promise<FolderContents> {
  const contents: FolderContents = { folders: [], images: [], dangling: [] };
  signal?.throwIfAborted();
  for await (const { name, kind } of reader.entries(path)) {
    if (isHidden(name)) continue;
    if (kind === 'folder') contents.folders.push(name);
    else if (!isImageName(name)) continue;
    else if (kind === 'other') contents.dangling.push(name);
    else {
      contents.images.push(name);
      if (++progress.files % reportEvery > 0) continue;
      signal?.throwIfAborted();
      onProgress?.({ ...progress });
    }
  }
  progress.folders++;
  onProgress?.({ ...progress });
  contents.folders.sort(compareCodePoints);
  contents.images.sort(compareCodePoints);
  return contents;
}

/** Walks a folder, following links but never back to a folder above: `ancestors` holds the identities of those. */
export async function scanTree(root: string, scan: Scan, ancestors: ReadonlySet<string>): Promise<Tree> {
  const tree: Tree = { folders: [], warnings: [] };
  await walk(root, '', ancestors);
  return tree;

  async function walk(folder: string, path: string, ancestors: ReadonlySet<string>): Promise<void> {
    const identity = await scan.reader.identity(folder);
    if (ancestors.has(identity)) {
      tree.warnings.push(`The link ${folder} leads back to a folder above it and is left out`);
      return;
    }
    const { folders, images, dangling } = await readFolder(folder, scan);
    if (images.length > 0) tree.folders.push({ path, images });
    for (const name of dangling) tree.warnings.push(danglingLink(folder, name));
    const above = new Set(ancestors).add(identity);
    for (const name of folders) await walk(`${folder}/${name}`, path === '' ? name : `${path}/${name}`, above);
  }
}

export function danglingLink(folder: string, name: string): string {
  return `${folder}/${name} is a link that leads nowhere and is left out`;
}
