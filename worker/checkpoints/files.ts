/** Checkpoint files: written whole or not at all, read with their hash checked. */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { ByteSource } from '../../engine/checkpoints/byte-source.ts';
import { type Dtype, dtypeOf, type TensorData } from '../../engine/checkpoints/dtypes.ts';
import {
  byteLengthOf,
  layOut,
  readHeader,
  readTensor,
  type SafetensorsHeader,
} from '../../engine/checkpoints/safetensors.ts';

export interface TensorToWrite {
  name: string;
  shape: readonly number[];
  /** Default: what the array's type says, F32 for a function. BOOL is given as Uint8Array, F16 and BF16 as Uint16Array. */
  dtype?: Dtype;
  /** A function is called when the file has come to this tensor, and only then holds memory. */
  data: TensorData | (() => TensorData | Promise<TensorData>);
}

export interface WrittenCheckpoint {
  sizeBytes: number;
  /** Of the whole file, in hexadecimal. */
  sha256: string;
}

/** Bytes hashed and written (or read) in one go: 4 MiB keep the thread busy for a few milliseconds. */
const chunkBytes = 4 * 2 ** 20;

/**
 * Writes a safetensors file: to a temporary file beside `path`, synced, renamed, and the folder synced. After a crash
 * at any moment `path` is what it was before or complete. Throws `environment` where the disk has no room for it.
 */
export async function writeCheckpoint(
  path: string,
  tensors: Iterable<TensorToWrite>,
  metadata: Record<string, string>,
): Promise<WrittenCheckpoint> {
  const entries = Array.from(tensors, ({ dtype, ...tensor }) => ({
    ...tensor,
    dtype: dtype ?? (typeof tensor.data === 'function' ? 'F32' : dtypeOf(tensor.data)),
  }));
  const { header, ordered, sizeBytes } = layOut(entries, metadata);
  await requireSpace(path, sizeBytes);
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}${partialSuffix}`);
  const hash = createHash('sha256');
  try {
    await using file = await open(temporary, 'wx');
    const append = async (bytes: Uint8Array) => {
      for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
        const chunk = bytes.subarray(offset, offset + chunkBytes);
        hash.update(chunk);
        await writeFully(file, chunk);
      }
    };
    await append(header);
    for (const tensor of ordered) {
      const data = typeof tensor.data === 'function' ? await tensor.data() : tensor.data;
      if (data.byteLength !== byteLengthOf(tensor)) {
        throw new Error(`${tensor.name} has ${data.byteLength} bytes, which is not ${tensor.dtype} [${tensor.shape}]`);
      }
      await append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
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

/** An open checkpoint; tensors are read from the file when they are asked for. Close it (or use `await using`). */
export interface CheckpointFile extends SafetensorsHeader, AsyncDisposable {
  path: string;
  sizeBytes: number;
  read(name: string): Promise<TensorData>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file. With `expectedSha256` the whole file is hashed first. Throws `not-found`, or
 * `checkpoint-invalid` naming the file and what was expected.
 */
export async function readCheckpoint(
  path: string,
  { expectedSha256 }: { expectedSha256?: string } = {},
): Promise<CheckpointFile> {
  const file = await open(path, 'r').catch((cause) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new AppError('not-found', `There is no checkpoint ${path}.`, { cause, cure: 'Check the path.' });
  });
  try {
    const status = await file.stat();
    if (!status.isFile())
      throw new AppError('checkpoint-invalid', `${path}: expected a file, found a folder or device.`);
    const source = fileSource(path, file, status.size);
    if (expectedSha256 !== undefined) await verifyHash(source, expectedSha256);
    const header = await readHeader(source);
    const close = () => file.close();
    return {
      ...header,
      path,
      sizeBytes: status.size,
      async read(name) {
        const tensor = header.tensors.get(name);
        if (tensor) return readTensor(source, tensor);
        throw new AppError('checkpoint-invalid', `${path}: there is no tensor ${JSON.stringify(name)} in it.`);
      },
      close,
      [Symbol.asyncDispose]: close,
    };
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

async function verifyHash(source: ByteSource, expected: string) {
  const hash = createHash('sha256');
  for (let offset = 0; offset < source.sizeBytes; offset += chunkBytes) {
    hash.update(await source.read(offset, Math.min(chunkBytes, source.sizeBytes - offset)));
  }
  const found = hash.digest('hex');
  if (found === expected.toLowerCase()) return;
  throw new AppError('checkpoint-invalid', `${source.name}: expected SHA-256 ${expected}, found ${found}.`, {
    cure: 'The file changed after it was written. Take an earlier checkpoint, or another copy of this one.',
  });
}

async function writeFully(file: FileHandle, bytes: Uint8Array) {
  let done = 0;
  while (done < bytes.length) done += (await file.write(bytes, done)).bytesWritten;
}

async function requireSpace(path: string, sizeBytes: number) {
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
