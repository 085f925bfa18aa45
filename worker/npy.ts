/** NumPy's `.npy` files (format 1.0): matrices and vectors, little-endian, row after row. */
import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../common/errors.ts';
import { writeAtomically } from './checkpoints/atomic-files.ts';

type Element = '<f4' | '<i8';

/** Bytes of every header of ours: room for any shape, so that it can be written again when the rows are counted. */
export const npyHeaderBytes = 128;

export function npyHeader(element: Element, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${element}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const header = Buffer.alloc(npyHeaderBytes, ' ');
  header.write('\x93NUMPY\x01\x00', 0, 'latin1');
  header.writeUInt16LE(npyHeaderBytes - 10, 8);
  header.write(text, 10, 'latin1');
  header.write('\n', npyHeaderBytes - 1, 'latin1');
  return header;
}

/** A vector of whole numbers as int64. Atomic. */
export async function writeNpyIntegers(path: string, values: Int32Array): Promise<void> {
  const wide = BigInt64Array.from(values, BigInt);
  await writeAtomically(path, npyHeaderBytes + wide.byteLength, async (append) => {
    await append(npyHeader('<i8', [values.length]));
    await append(new Uint8Array(wide.buffer));
  });
}

/** Matrices of one width, one after another, as one file. Atomic; holds a few megabytes at a time. */
export async function joinNpyRows(
  path: string,
  parts: NpyRows[],
  options: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<void> {
  const dimension = parts[0]!.dimension;
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const step = Math.max(1, Math.floor(chunkBytes / (dimension * 4)));
  let done = 0;
  await writeAtomically(path, npyHeaderBytes + total * dimension * 4, async (append) => {
    await append(npyHeader('<f4', [total, dimension]));
    for (const part of parts) {
      for (let first = 0; first < part.count; first += step) {
        options.signal?.throwIfAborted();
        const rows = await part.read(first, Math.min(part.count, first + step));
        await append(new Uint8Array(rows.buffer));
        done += rows.length / dimension;
        options.onProgress?.(done, total);
      }
    }
  });
}

const chunkBytes = 16 * 2 ** 20;

/** An open matrix of float32, [count, dimension]; rows are read from the file when they are asked for. */
export interface NpyRows extends AsyncDisposable {
  path: string;
  count: number;
  dimension: number;
  /** Rows `first` up to `last` (exclusive). */
  read(first: number, last: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens a float32 matrix. Throws `data-invalid`, naming the file, where it is none or is cut off. */
export async function openNpyRows(path: string): Promise<NpyRows> {
  const file = await open(path, 'r');
  try {
    const { start, count, dimension } = await readHeader(path, file);
    const expected = start + count * dimension * 4;
    const { size } = await file.stat();
    if (size < expected) throw broken(path, `${count} x ${dimension} float32 need ${expected} bytes, it has ${size}`);
    const close = () => file.close();
    return {
      path,
      count,
      dimension,
      async read(first, last) {
        const rows = new Float32Array((last - first) * dimension);
        await readFully(path, file, new Uint8Array(rows.buffer), start + first * dimension * 4);
        return rows;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

async function readHeader(path: string, file: FileHandle) {
  const head = Buffer.alloc(10);
  await readFully(path, file, head, 0);
  if (head.toString('latin1', 0, 6) !== '\x93NUMPY' || head[6] !== 1) throw broken(path, 'no NumPy file of version 1');
  const text = Buffer.alloc(head.readUInt16LE(8));
  await readFully(path, file, text, 10);
  const found = /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(text.toString('latin1'));
  if (!found) throw broken(path, `expected a float32 matrix, found ${text.toString('latin1').trim().slice(0, 100)}`);
  return { start: 10 + text.length, count: Number(found[1]), dimension: Number(found[2]) };
}

async function readFully(path: string, file: FileHandle, bytes: Uint8Array, position: number) {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    if (bytesRead === 0) throw broken(path, `it ends at byte ${position + done}`);
    done += bytesRead;
  }
}

function broken(path: string, why: string): AppError {
  return new AppError('data-invalid', `${path}: ${why}.`, { cure: 'Remove the file; it is made again when needed.' });
}
