/** Finds the file that a path of an address means, inside a given folder and nowhere else. */
import { realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { Services } from '../services/index.ts';

export interface FoundFile {
  path: string;
  sizeBytes: number;
  contentType: string;
  /** Changes whenever the file does. */
  etag: string;
}

/** Folder of a run or a task by the parts of an address that name it; null if there is none. */
export function folderOf(services: Services, kind: string | undefined, segment: string | undefined): string | null {
  const id = segment && decodeSegment(segment);
  if (!id) return null;
  try {
    if (kind === 'runs') return services.runs.get(id).folder;
    return kind === 'tasks' ? services.tasks.folderOf(id) : null;
  } catch {
    return null;
  }
}

/** What a browser may be told a file is. Anything else, HTML above all, is only bytes to download. */
const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Types that a browser would run as a document of ours; pages may, files of a run may not. */
const documentExtensions = ['.html', '.svg', '.js'];

/**
 * @param segments the parts of the path as the address has them, still percent-encoded
 * @returns null where there is no such file, and for whatever leads out of the folder, by dots or by links
 */
export async function findFile(
  folder: string,
  segments: readonly string[],
  { documents }: { documents: boolean },
): Promise<FoundFile | null> {
  const names = segments.map(decodeSegment);
  if (names.length === 0 || !names.every((name) => name !== null)) return null;
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, ...names));
    if (!path.startsWith(root + sep)) return null;
    const status = await stat(path);
    if (!status.isFile()) return null;
    const extension = extname(path).toLowerCase();
    const known = documents || !documentExtensions.includes(extension) ? contentTypes[extension] : undefined;
    return {
      path,
      sizeBytes: status.size,
      contentType: known ?? 'application/octet-stream',
      etag: `"${status.size.toString(36)}-${Math.trunc(status.mtimeMs).toString(36)}"`,
    };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** One name of a path; null for anything that is more, or other, than a name. */
export function decodeSegment(segment: string): string | null {
  try {
    const name = decodeURIComponent(segment);
    return name === '' || name === '.' || name === '..' || /[/\\:\0]/.test(name) ? null : name;
  } catch {
    return null; // not valid percent-encoding
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'].includes(code);
}
