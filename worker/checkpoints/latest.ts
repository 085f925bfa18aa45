/** The checkpoint to go on from: the newest in a folder that is whole. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckpointMetadata, parseMetadata } from '../../common/checkpoint-metadata.ts';
import { AppError } from '../../common/errors.ts';
import { readCheckpoint } from './files.ts';

export interface LatestValid {
  /** Undefined where no checkpoint in the folder is whole. */
  latest: { path: string; metadata: CheckpointMetadata } | undefined;
  /** Files that were passed over, and why. */
  skipped: { path: string; error: AppError }[];
}

/**
 * The checkpoint with the most steps whose header is sound, whose size fits it and whose hash is the recorded one.
 *
 * `sha256ByName` holds the hashes that the event log recorded, by file name. A file without one passes by its header:
 * files appear under their name only when complete, so it is one that was written right before the log's end.
 */
export async function latestValid(folder: string, sha256ByName: ReadonlyMap<string, string>): Promise<LatestValid> {
  const skipped: LatestValid['skipped'] = [];
  const candidates: { name: string; path: string; metadata: CheckpointMetadata }[] = [];
  for (const name of await namesIn(folder)) {
    if (name.startsWith('.') || !name.endsWith('.safetensors')) continue;
    const path = join(folder, name);
    const metadata = await orError(readMetadata(path));
    if (metadata instanceof AppError) skipped.push({ path, error: metadata });
    else candidates.push({ name, path, metadata });
  }
  candidates.sort((left, right) => right.metadata.step - left.metadata.step);
  for (const { name, path, metadata } of candidates) {
    const expectedSha256 = sha256ByName.get(name);
    const opened = expectedSha256 === undefined ? undefined : await orError(verify(path, expectedSha256));
    if (!(opened instanceof AppError)) return { latest: { path, metadata }, skipped };
    skipped.push({ path, error: opened });
  }
  return { latest: undefined, skipped };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (thrown) {
    // A run that was stopped before its first checkpoint.
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return [];
    throw thrown;
  }
}

async function readMetadata(path: string): Promise<CheckpointMetadata> {
  await using file = await readCheckpoint(path);
  return parseMetadata(path, file.metadata);
}

async function verify(path: string, expectedSha256: string): Promise<void> {
  const file = await readCheckpoint(path, { expectedSha256 });
  await file.close();
}

/** A damaged file is an answer; a disk that cannot be read is still thrown. */
async function orError<Value>(promise: Promise<Value>): Promise<Value | AppError> {
  try {
    return await promise;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'checkpoint-invalid') return thrown;
    throw thrown;
  }
}
