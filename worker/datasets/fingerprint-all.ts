/** The fingerprints of everything in a folder that an evaluation may take its images from. */
import { AppError } from '../../common/errors.ts';
import type { DatasetListing } from '../../engine/datasets/list.ts';
import { listStaticViews } from '../../engine/datasets/static-views.ts';
import { listEverySplit } from './check.ts';
import { fingerprintDataset } from './fingerprint.ts';

interface EveryFingerprintOptions {
  signal?: AbortSignal;
  onProgress?: (stage: string, done: number, total: number | null) => void;
}

/** Views of a static set have the numbers 0 (the original) to 10. */
const viewNumbers = Array.from({ length: 11 }, (_, number) => number);

/**
 * SHA-256 as `fingerprintDataset` says, of each split and of each view of a static set. No image is opened.
 * Throws `data-invalid` where the folder cannot be listed.
 */
export async function everyFingerprint(root: string, options: EveryFingerprintOptions = {}): Promise<string[]> {
  const { signal, onProgress } = options;
  const splits = await listEverySplit(root, signal, ({ files }) => onProgress?.('scanning images', files, null));
  const listings = splits.flatMap((listing) => [listing, ...viewsOf(listing)]);
  const total = listings.reduce((sum, { files }) => sum + files.length, 0);
  const found: string[] = [];
  let before = 0;
  for (const { files } of listings) {
    const report = (done: number) => onProgress?.('looking up images', before + done, total);
    found.push((await fingerprintDataset(root, files, { signal, onProgress: report })).sha256);
    before += files.length;
  }
  return [...new Set(found)];
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
