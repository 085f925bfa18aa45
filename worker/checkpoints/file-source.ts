/** A file as a source of bytes for the engine's readers. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../../common/errors.ts';
import type { ByteSource } from '../../engine/checkpoints/byte-source.ts';

/** Bytes hashed in one go: 4 MiB keep the thread busy for a few milliseconds. */
const chunkBytes = 4 * 2 ** 20;

/**
 * Opens a file. With `expectedSha256` the whole of it is hashed first. Throws `not-found`, or `checkpoint-invalid`
 * naming the file and what was expected.
 */
export async function openSource(
  path: string,
  { expectedSha256 }: { expectedSha256?: string } = {},
): Promise<{ source: ByteSource; close(): Promise<void> }> {
  const file = await open(path, 'r').catch((cause) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new AppError('not-found', `There is no checkpoint ${path}.`, { cause, cure: 'Check the path.' });
  });
  try {
    const status = await file.stat();
    if (!status.isFile()) {
      throw new AppError('checkpoint-invalid', `${path}: expected a file, found a folder or device.`);
    }
    const source = fileSource(path, file, status.size);
    if (expectedSha256 !== undefined) await verifyHash(source, expectedSha256);
    return { source, close: () => file.close() };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

function fileSource(path: string, file: FileHandle, sizeBytes: number): ByteSource {
  return {
    name: path,
    sizeBytes,
    async read(offset, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 2 ** 30), offset + done);
        if (bytesRead === 0) {
          throw new AppError(
            'checkpoint-invalid',
            `${path}: expected ${length} bytes at byte ${offset}, found ${done}.`,
          );
        }
        done += bytesRead;
      }
      return bytes;
    },
  };
}

/** SHA-256 of a file, or of its first `sizeBytes`, in hexadecimal. Throws `not-found`, or the signal's reason. */
export async function hashFile(path: string, signal?: AbortSignal, sizeBytes?: number): Promise<string> {
  const { source, close } = await openSource(path);
  try {
    return await hashOf(source, signal, sizeBytes);
  } finally {
    await close();
  }
}

async function hashOf(source: ByteSource, signal?: AbortSignal, sizeBytes = source.sizeBytes): Promise<string> {
  const hash = createHash('sha256');
  for (let offset = 0; offset < sizeBytes; offset += chunkBytes) {
    signal?.throwIfAborted();
    hash.update(await source.read(offset, Math.min(chunkBytes, sizeBytes - offset)));
  }
  return hash.digest('hex');
}

async function verifyHash(source: ByteSource, expected: string) {
  const found = await hashOf(source);
  if (found === expected.toLowerCase()) return;
  throw new AppError('checkpoint-invalid', `${source.name}: expected SHA-256 ${expected}, found ${found}.`, {
    cure: 'The file changed after it was written. Take an earlier checkpoint, or another copy of this one.',
  });
}
