/** Files that are written whole or not at all. */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';

export interface WrittenCheckpoint {
  sizeBytes: number;
  /** Of the whole file, in hexadecimal. */
  sha256: string;
}

/** Bytes hashed and written in one go: 4 MiB keep the thread busy for a few milliseconds. */
const chunkBytes = 4 * 2 ** 20;

/**
 * Writes what `produce` appends, `sizeBytes` in all: to a temporary file beside `path`, synced, renamed, and the folder
 * synced. After a crash at any moment `path` is what it was before or complete. Throws `environment` where the disk has
 * no room for it.
 */
export async function writeAtomically(
  path: string,
  sizeBytes: number,
  produce: (append: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
): Promise<WrittenCheckpoint> {
  await requireSpace(path, sizeBytes);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}${partialSuffix}`);
  const hash = createHash('sha256');
  try {
    await using file = await open(temporary, 'wx');
    await produce(async (bytes) => {
      for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
        const chunk = bytes.subarray(offset, offset + chunkBytes);
        hash.update(chunk);
        await writeFully(file, chunk);
      }
    });
    await file.sync();
    await file.close();
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw isNoSpace(cause) ? noSpace(path, sizeBytes, undefined, cause) : cause;
  }
  await syncFolder(dirname(path));
  return { sizeBytes, sha256: hash.digest('hex') };
}

const partialSuffix = '.partial';

/** Removes what interrupted writes left in a folder. Only for a folder that nobody writes to at the moment. */
export async function removePartials(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('.') && name.endsWith(partialSuffix)) await rm(join(folder, name), { force: true });
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array) {
  let done = 0;
  while (done < bytes.length) done += (await file.write(bytes, done)).bytesWritten;
}

/** Throws `environment` where the disk of `path` has less than so many bytes free. */
export async function requireSpace(path: string, sizeBytes: number) {
  const { blocks, bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  // Some network drives answer with zeros.
  if (blocks > 0 && free < sizeBytes) throw noSpace(path, sizeBytes, free);
}

function noSpace(path: string, sizeBytes: number, free: number | undefined, cause?: unknown) {
  const found = free === undefined ? 'has no room for it' : `has ${free} free`;
  return new AppError('environment', `${path} needs ${sizeBytes} bytes, but its disk ${found}.`, {
    cure: 'Free some space, or choose a workspace on another disk; earlier checkpoints are untouched.',
    cause,
  });
}

function isNoSpace(thrown: unknown) {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
}

/** Makes the renamed entry last. Windows has no such thing: its folders cannot be opened. */
async function syncFolder(folder: string) {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}
