/** Features of images, image after image into a file that grows: nothing of them stays in memory. */
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../common/errors.ts';
import { type ExtractionProgress, extractionProgress } from '../common/features.ts';
import type { DatasetListing } from '../engine/datasets/list.ts';
import { writeAtomically } from '../system/write-atomically.ts';
import { requireSpace } from './checkpoints/atomic-files.ts';
import type { CollectOptions, Extractor } from './features.ts';
import { type BrokenPicture, openLoader } from './loader/loader.ts';
import { npyHeader, npyHeaderBytes } from './npy.ts';

export interface ExtractionOptions extends CollectOptions {
  extractor: Extractor;
}

export interface Extracted {
  broken: BrokenPicture[];
  /** Of the images that were still to do. */
  imagesPerSecond: number | null;
  /** Gives the file, complete and on the disk, its name. */
  moveTo(path: string): void;
}

const saveEveryMs = 2000;

/**
 * Extracts into `partial`, an `.npy` file whose header counts the rows when it is complete. Where one was begun, it is
 * gone on with. When the signal aborts, what is done is saved and the signal's reason thrown.
 */
export async function extractToFile(
  images: DatasetListing,
  partial: string,
  options: ExtractionOptions,
): Promise<Extracted> {
  const { extractor, batchSize, signal } = options;
  const rowBytes = extractor.dimension * 4;
  const total = images.files.length;
  const earlier = readProgress(partial);
  // Whole batches, so that a loader can begin there.
  const firstStep = Math.floor(earlier.images / batchSize);
  const progress: ExtractionProgress = {
    images: firstStep * batchSize,
    broken: earlier.broken.filter(({ index }) => index < firstStep * batchSize),
  };
  for (const picture of progress.broken) options.onBroken?.(picture);
  let rows = progress.images - progress.broken.length;
  await requireSpace(partial, npyHeaderBytes + (total - rows) * rowBytes);

  const done = progress.images;
  const startedMs = performance.now();
  let savedMs = Number.NEGATIVE_INFINITY; // the first batch is saved at once: how far it is can be seen from then on
  const found: BrokenPicture[] = [];
  const features = new Float32Array(batchSize * extractor.dimension);
  await using file = await open(partial, existsSync(partial) ? 'r+' : 'w+');
  await file.truncate(npyHeaderBytes + rows * rowBytes);

  async function save() {
    await file.datasync();
    const broken = [...progress.broken, ...found.filter(({ index }) => index < progress.images)];
    writeAtomically(progressPath(partial), JSON.stringify({ images: progress.images, broken }));
    savedMs = performance.now();
  }

  const loader = await openLoader({
    files: images.files.paths(),
    root: `${images.root}/`,
    pipelines: [{ kind: 'evaluation', ...options.transform }],
    batchSize,
    seed: 0, // nothing is random here
    order: 'sequential',
    dropLast: false,
    decode: options.decode,
    threads: options.threads,
    cacheBudgetBytes: 0, // each image is read once
    onBroken(picture) {
      found.push(picture);
      options.onBroken?.(picture);
    },
  });
  try {
    for await (const { step, indices, views } of loader.epoch(0, { fromStep: firstStep })) {
      if (signal?.aborted) await save();
      signal?.throwIfAborted();
      extractor.extract(views[0]!, indices.length, features, 0);
      const bytes = new Uint8Array(features.buffer, 0, indices.length * rowBytes);
      await writeFully(file, bytes, npyHeaderBytes + rows * rowBytes);
      rows += indices.length;
      progress.images = Math.min(total, (step + 1) * batchSize);
      options.onProgress?.(progress.images, total);
      if (performance.now() - savedMs > saveEveryMs) await save();
    }
  } finally {
    await loader.close();
  }
  if (rows === 0)
    throw new AppError('data-invalid', `All ${total} images of ${images.root}/${images.split ?? ''} are broken.`);
  const seconds = (performance.now() - startedMs) / 1000;
  await writeFully(file, npyHeader('<f4', [rows, extractor.dimension]), 0);
  await file.sync();
  return {
    broken: [...progress.broken, ...found].sort((left, right) => left.index - right.index),
    imagesPerSecond: total > done ? (total - done) / seconds : null,
    moveTo(path) {
      renameSync(partial, path);
      rmSync(progressPath(partial), { force: true });
    },
  };
}

async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

function progressPath(partial: string): string {
  return `${partial}.json`;
}

/** Nothing is done where the file or what belongs to it is missing or torn. */
function readProgress(partial: string): ExtractionProgress {
  try {
    if (existsSync(partial)) return extractionProgress.parse(JSON.parse(readFileSync(progressPath(partial), 'utf8')));
  } catch {
    // Begun anew.
  }
  return { images: 0, broken: [] };
}
