/** Checkpoint files of ours: written whole or not at all, read with their hash checked. */
import { AppError } from '../../common/errors.ts';
import { type Dtype, dtypeOf, type TensorData } from '../../engine/checkpoints/dtypes.ts';
import {
  byteLengthOf,
  layOut,
  readHeader,
  readTensor,
  type SafetensorsHeader,
} from '../../engine/checkpoints/safetensors.ts';
import { type WrittenCheckpoint, writeAtomically } from './atomic-files.ts';
import { openSource } from './file-source.ts';

export interface TensorToWrite {
  name: string;
  shape: readonly number[];
  /** Default: what the array's type says, F32 for a function. BOOL is given as Uint8Array, F16 and BF16 as Uint16Array. */
  dtype?: Dtype;
  /** A function is called when the file has come to this tensor, and only then holds memory. */
  data: TensorData | (() => TensorData | Promise<TensorData>);
}

/** Writes a safetensors file atomically. Throws `environment` where the disk has no room for it. */
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
  return writeAtomically(path, sizeBytes, async (append) => {
    await append(header);
    for (const tensor of ordered) {
      const data = typeof tensor.data === 'function' ? await tensor.data() : tensor.data;
      if (data.byteLength !== byteLengthOf(tensor)) {
        throw new Error(`${tensor.name} has ${data.byteLength} bytes, which is not ${tensor.dtype} [${tensor.shape}]`);
      }
      await append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  });
}

/** An open checkpoint; tensors are read from the file when they are asked for. Close it (or use `await using`). */
export interface CheckpointFile extends SafetensorsHeader, AsyncDisposable {
  path: string;
  sizeBytes: number;
  read(name: string): Promise<TensorData>;
  /** The tensor's bytes as they are stored: row-major, little-endian, of its own type. */
  readBytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file. With `expectedSha256` the whole file is hashed first. Throws `not-found`, or
 * `checkpoint-invalid` naming the file and what was expected.
 */
export async function readCheckpoint(path: string, options: { expectedSha256?: string } = {}): Promise<CheckpointFile> {
  const { source, close } = await openSource(path, options);
  try {
    const header = await readHeader(source);
    const entryOf = (name: string) => {
      const tensor = header.tensors.get(name);
      if (tensor) return tensor;
      throw new AppError('checkpoint-invalid', `${path}: there is no tensor ${JSON.stringify(name)} in it.`);
    };
    return {
      ...header,
      path,
      sizeBytes: source.sizeBytes,
      read: async (name) => readTensor(source, entryOf(name)),
      async readBytes(name) {
        const { offset, byteLength } = entryOf(name);
        return source.read(offset, byteLength);
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
