import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTable } from '../../engine/datasets/file-table.ts';

export interface DatasetFingerprint {
  files: number;
  sizeBytes: number;
  /** SHA-256 over `<path>\0<size in bytes>\n` for each file, in the listing's order: tells files that come, go, or change their length. */
  sha256: string;
}

const batchSize = 256;

/**
 * Identifies a dataset without reading its images. Paths are relative: a dataset that moves keeps its fingerprint.
 * A file that is gone since it was listed counts with the size -1.
 */
export async function fingerprintDataset(
  root: string,
  files: FileTable,
  options: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<DatasetFingerprint> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for (let start = 0; start < files.length; start += batchSize) {
    options.signal?.throwIfAborted();
    const paths = Array.from({ length: Math.min(batchSize, files.length - start) }, (_, index) =>
      files.path(start + index),
    );
    const sizes = await Promise.all(paths.map((path) => sizeOf(join(root, path))));
    for (const [index, path] of paths.entries()) {
      hash.update(`${path}\0${sizes[index]}\n`);
      sizeBytes += Math.max(0, sizes[index]!);
    }
    options.onProgress?.(start + paths.length, files.length);
  }
  return { files: files.length, sizeBytes, sha256: hash.digest('hex') };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return -1;
  }
}
