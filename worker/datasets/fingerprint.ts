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

/** The fingerprint, and one that also tells files that were written again at the same length. */
export interface DatasetStamp extends DatasetFingerprint {
  /** SHA-256 over `<path>\0<size in bytes>\0<milliseconds of the last change>\n`: for what is kept on this machine. */
  changesSha256: string;
  /** When the last of the files was written, moved or had its rights changed; ms since 1970. */
  newestChangeMs: number;
}

const batchSize = 256;

interface FingerprintOptions {
  onProgress?: (done: number, total: number) => void;
  signal?: AbortSignal;
}

/**
 * Identifies a dataset without reading its images. Paths are relative: a dataset that moves keeps its fingerprint.
 * A file that is gone since it was listed counts with the size -1.
 */
export async function fingerprintDataset(
  root: string,
  files: FileTable,
  options: FingerprintOptions = {},
): Promise<DatasetFingerprint> {
  const { changesSha256: _changes, newestChangeMs: _newest, ...fingerprint } = await stampDataset(root, files, options);
  return fingerprint;
}

/** Both fingerprints in one pass over the files. */
export async function stampDataset(
  root: string,
  files: FileTable,
  options: FingerprintOptions = {},
): Promise<DatasetStamp> {
  const hash = createHash('sha256');
  const changes = createHash('sha256');
  let sizeBytes = 0;
  let newestChangeMs = 0;
  for (let start = 0; start < files.length; start += batchSize) {
    options.signal?.throwIfAborted();
    const paths = Array.from({ length: Math.min(batchSize, files.length - start) }, (_, index) =>
      files.path(start + index),
    );
    const found = await Promise.all(paths.map((path) => statusOf(join(root, path))));
    for (const [index, path] of paths.entries()) {
      const { size, mtimeMs, ctimeMs } = found[index]!;
      newestChangeMs = Math.max(newestChangeMs, ctimeMs);
      hash.update(`${path}\0${size}\n`);
      changes.update(`${path}\0${size}\0${mtimeMs}\n`);
      sizeBytes += Math.max(0, size);
    }
    options.onProgress?.(start + paths.length, files.length);
  }
  return {
    files: files.length,
    sizeBytes,
    sha256: hash.digest('hex'),
    changesSha256: changes.digest('hex'),
    newestChangeMs,
  };
}

async function statusOf(path: string): Promise<{ size: number; mtimeMs: number; ctimeMs: number }> {
  try {
    return await stat(path);
  } catch {
    return { size: -1, mtimeMs: 0, ctimeMs: 0 };
  }
}
