/** The fingerprints of everything in a folder that an evaluation may take its images from. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { DatasetListing } from '../../engine/datasets/list.ts';
import { listStaticViews } from '../../engine/datasets/static-views.ts';
import { listEverySplit } from './check.ts';
import { stampDataset } from './fingerprint.ts';

export interface DataFingerprints {
  sha256: string[];
  /** When a file or a folder of it was last written, moved, added or taken away; ms since 1970. */
  changedMs: number;
}

interface EveryFingerprintOptions {
  signal?: AbortSignal;
  onProgress?: (stage: string, done: number, total: number | null) => void;
}

/** Views of a static set have the numbers 0 (the original) to 10. */
const viewNumbers = Array.from({ length: 11 }, (_, number) => number);

/**
 * SHA-256 as `fingerprintDataset` says, of each split and of each view of a static set, and when the folder was last
 * changed: an evaluation may also take some of these images only. No image is opened. Throws `data-invalid` where the folder cannot be listed.
 */
export async function everyFingerprint(root: string, options: EveryFingerprintOptions = {}): Promise<DataFingerprints> {
  const { signal, onProgress } = options;
  const splits = await listEverySplit(root, signal, ({ files }) => onProgress?.('scanning images', files, null));
  const listings = splits.flatMap((listing) => [listing, ...viewsOf(listing)]);
  const total = listings.reduce((sum, { files }) => sum + files.length, 0);
  const found: string[] = [];
  let changedMs = await newestOfFolders(root, splits);
  let before = 0;
  for (const { files } of listings) {
    const report = (done: number) => onProgress?.('looking up images', before + done, total);
    const { sha256, newestChangeMs } = await stampDataset(root, files, { signal, onProgress: report });
    found.push(sha256);
    changedMs = Math.max(changedMs, newestChangeMs);
    before += files.length;
  }
  return { sha256: [...new Set(found)], changedMs };
}

/** A file that was taken away shows in its folder. */
async function newestOfFolders(root: string, listings: DatasetListing[]): Promise<number> {
  const folders = new Set(['.']);
  for (const { files } of listings) {
    for (const path of files.paths()) {
      for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
    }
  }
  let newestMs = 0;
  for (const folder of folders) newestMs = Math.max(newestMs, (await stat(join(root, folder))).ctimeMs);
  return newestMs;
}

function viewsOf(listing: DatasetListing): DatasetListing[] {
  return viewNumbers.flatMap((view) => {
    try {
      return listStaticViews(listing, [view]);
    } catch (thrown) {
      // Most folders are no static set, and most static sets do not have all views.
      if (thrown instanceof AppError) return [];
      throw thrown;
    }
  });
}
