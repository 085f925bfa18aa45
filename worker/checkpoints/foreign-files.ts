/** A checkpoint of anyone's, PyTorch's or safetensors, told apart by its content: names, shapes and bytes of its tensors. */
import { crc32 } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import type { ByteSource } from '../../engine/checkpoints/byte-source.ts';
import type { Dtype } from '../../engine/checkpoints/dtypes.ts';
import { foreignFacts, foreignTensors } from '../../engine/checkpoints/foreign.ts';
import { openPytorch } from '../../engine/checkpoints/pytorch.ts';
import { readableDtype, type TorchTensor, torchDtypeOf } from '../../engine/checkpoints/pytorch-tensor.ts';
import { readHeader } from '../../engine/checkpoints/safetensors.ts';
import { openSource } from './file-source.ts';

export interface ForeignFile extends AsyncDisposable {
  format: 'zip' | 'legacy' | 'safetensors';
  sizeBytes: number;
  /** Numbers and texts that it says about itself: epoch, arch. */
  facts: Record<string, string | number>;
  /** In the file's order. `dtype` is undefined for types that cannot be read; `torchDtype` is for show. */
  tensors: { name: string; dtype: Dtype | undefined; torchDtype: string; shape: readonly number[] }[];
  /** Elements row-major and little-endian. Throws `checkpoint-invalid` where there is no tensor of that name. */
  readBytes(name: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** Close it (or use `await using`). Throws `not-found`, or `checkpoint-invalid` with the place and what was expected. */
export async function openForeign(path: string, options: { expectedSha256?: string } = {}): Promise<ForeignFile> {
  const { source, close } = await openSource(path, options);
  try {
    const content = (await isSafetensors(source)) ? await safetensorsContent(source) : await pytorchContent(source);
    return { ...content, sizeBytes: source.sizeBytes, [Symbol.asyncDispose]: close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** The length of a JSON header, then the header. */
async function isSafetensors(source: ByteSource): Promise<boolean> {
  const start = await source.read(0, Math.min(source.sizeBytes, 9));
  return start.length === 9 && start[8] === '{'.charCodeAt(0);
}

type Content = Omit<ForeignFile, 'sizeBytes' | typeof Symbol.asyncDispose>;

async function safetensorsContent(source: ByteSource): Promise<Content> {
  const { metadata, tensors } = await readHeader(source);
  return {
    format: 'safetensors',
    facts: metadata,
    tensors: Array.from(tensors.values(), ({ name, dtype, shape }) => {
      return { name, dtype, torchDtype: torchDtypeOf(dtype), shape };
    }),
    async readBytes(name) {
      const { offset, byteLength } = tensors.get(name) ?? refuseUnknown(source, name);
      return source.read(offset, byteLength);
    },
  };
}

async function pytorchContent(source: ByteSource): Promise<Content> {
  const file = await openPytorch(source, crc32);
  const tensors = foreignTensors(file.root);
  const byName = new Map<string, TorchTensor>(tensors.map(({ name, tensor }) => [name, tensor]));
  return {
    format: file.format,
    facts: foreignFacts(file.root),
    tensors: tensors.map(({ name, dtype, shape }) => {
      return { name, dtype: readableDtype(dtype), torchDtype: dtype, shape };
    }),
    readBytes: async (name) => file.readBytes(byName.get(name) ?? refuseUnknown(source, name)),
  };
}

function refuseUnknown(source: ByteSource, name: string): never {
  throw new AppError('checkpoint-invalid', `${source.name}: there is no tensor ${JSON.stringify(name)} in it.`);
}
