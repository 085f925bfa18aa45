/**
 * Features that are computed once: for a checkpoint, the images of a split and how they are prepared, a file
 * `<key>.npy` [images, dimension] and `<key>.json` beside it. An extraction that was killed goes on where it stopped.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../common/errors.ts';
import { type BrokenImage, featureEntry } from '../common/features.ts';
import type { DatasetListing } from '../engine/datasets/list.ts';
import { writeAtomically } from '../system/write-atomically.ts';
import { type DatasetStamp, stampDataset } from './datasets/fingerprint.ts';
import { cleanFeatureStore } from './feature-cleanup.ts';
import { type ExtractionOptions, extractToFile } from './feature-extraction.ts';
import { type LockFile, lockFile } from './lock-file.ts';
import { type NpyRows, openNpyRows } from './npy.ts';

export interface FeatureRequest extends ExtractionOptions {
  images: DatasetListing;
  /** Everything else that the numbers depend on: the checkpoint's hash, the encoder, the backend, ... */
  identity: Record<string, unknown>;
  /** Told how many images have been looked up, before any is read. */
  onStamp?: (done: number, total: number) => void;
  /** Another process is extracting the same; called again and again meanwhile. */
  onWaiting?: () => void;
}

export interface StoredFeatures {
  /** The caller closes it. */
  rows: NpyRows;
  /** Label of each row, -1 without labels. [rows.count] */
  labels: Int32Array;
  /** The image of each row, as its place in the listing. [rows.count] */
  images: Int32Array;
  broken: BrokenImage[];
  stamp: DatasetStamp;
  /** Of this call; null where all features were there already. */
  imagesPerSecond: number | null;
}

/** Raised when the same request gives other numbers than before. */
const storeVersion = 1;

/** The features of a split out of the store in `folder`; extracted into it first where they are not there. */
export async function storedFeatures(folder: string, request: FeatureRequest): Promise<StoredFeatures> {
  const { images, extractor, transform, decode, signal } = request;
  const stamp = await stampDataset(images.root, images.files, { onProgress: request.onStamp, signal });
  const identity = { storeVersion, ...request.identity, transform, decode, data: stamp.changesSha256 };
  const key = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
  mkdirSync(folder, { recursive: true });

  const entry = () => openEntry(folder, key, images.files.length);
  let imagesPerSecond: number | null = null;
  let found = await entry();
  if (found) {
    for (const picture of found.broken) request.onBroken?.(picture);
  } else {
    using _lock = await waitForLock(join(folder, `.${key}.lock`), request);
    found = await entry(); // another process may have made it meanwhile
    if (!found) {
      const partial = join(folder, `.${key}.partial`);
      const extracted = await extractToFile(images, partial, request);
      imagesPerSecond = extracted.imagesPerSecond;
      const about = { images: images.files.length, dimension: extractor.dimension, broken: extracted.broken, identity };
      writeAtomically(join(folder, `${key}.json`), `${JSON.stringify(about)}\n`);
      extracted.moveTo(join(folder, `${key}.npy`));
      cleanFeatureStore(folder, key);
      found = await entry();
    }
  }
  if (!found) throw new AppError('environment', `The features in ${folder} were removed while they were in use.`);
  const kept = keptImages(images.files.length, found.broken);
  return { ...found, images: kept, labels: kept.map((index) => images.labels[index]!), stamp, imagesPerSecond };
}

const lookAgainMs = 500;

async function waitForLock(path: string, { signal, onWaiting }: FeatureRequest): Promise<LockFile> {
  for (;;) {
    const lock = lockFile(path);
    if (lock.held) return lock;
    onWaiting?.();
    await sleep(lookAgainMs, undefined, { signal });
  }
}

/** Null where there is none, or what is there does not belong together (and is removed). */
async function openEntry(folder: string, key: string, images: number) {
  const [matrix, about] = [join(folder, `${key}.npy`), join(folder, `${key}.json`)];
  if (!existsSync(matrix) || !existsSync(about)) return null;
  const entry = readEntry(about);
  const rows = entry && (await openNpyRows(matrix).catch(nullIfInvalid));
  if (entry && rows) {
    if (entry.images === images && rows.count === images - entry.broken.length && rows.dimension === entry.dimension) {
      const now = new Date();
      utimesSync(about, now, now); // when it was used last
      return { rows, broken: entry.broken };
    }
    await rows.close();
  }
  rmSync(matrix, { force: true });
  return null;
}

function readEntry(path: string) {
  try {
    return featureEntry.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // torn, or of another version
  }
}

function nullIfInvalid(thrown: unknown): null {
  if (thrown instanceof AppError) return null;
  throw thrown;
}

function keptImages(count: number, broken: readonly BrokenImage[]): Int32Array {
  const left = new Set(broken.map(({ index }) => index));
  return Int32Array.from({ length: count }, (_, index) => index).filter((index) => !left.has(index));
}
