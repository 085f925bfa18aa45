/**
 * Files of `torch.save`, read without PyTorch: the pickle as data, tensors from the file when they are asked for. Two
 * formats: zip archives (PyTorch 1.6 and later) and the legacy sequence of pickles and raw storages.
 */
import { type ByteSource, invalidAt } from './byte-source.ts';
import { type Checksum, crc32 } from './crc32.ts';
import { decodeTensor, type TensorData } from './dtypes.ts';
import { type PickleValue, walkPickle } from './pickle-values.ts';
import { openLegacy } from './pytorch-legacy.ts';
import { gather, readableDtype, type TorchStorage, TorchTensor, torchDtypeBytes } from './pytorch-tensor.ts';
import { openZip } from './pytorch-zip.ts';

export interface PytorchFile {
  format: 'zip' | 'legacy';
  /** What was saved; tensors are TorchTensor. */
  root: PickleValue;
  /** The elements in row-major order, little-endian, in the tensor's own type. */
  readBytes(tensor: TorchTensor): Promise<Uint8Array<ArrayBuffer>>;
  /** The values. Throws `checkpoint-invalid` for types that have no place here: complex, 8-bit floating point. */
  readTensor(tensor: TorchTensor): Promise<TensorData>;
}

/** What both formats give: the pickle, and the bytes of storages. */
export interface OpenedPickle {
  root: PickleValue;
  littleEndian: boolean;
  /** Bytes of a storage; `start` counts from its first. */
  readStorage(storage: TorchStorage, start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/**
 * Opens a file of torch.save and reads its pickle; at most one tensor's bytes are held at a time after that. Throws
 * `checkpoint-invalid` with the file, the byte and what was expected there. `checksum` may be a faster CRC-32.
 */
export async function openPytorch(source: ByteSource, checksum: Checksum = crc32): Promise<PytorchFile> {
  const format = await detectFormat(source);
  const opened = format === 'zip' ? await openZip(source, checksum) : await openLegacy(source);
  const readBytes = async (tensor: TorchTensor) => {
    if (tensor.elements === 0) return new Uint8Array();
    const itemBytes = torchDtypeBytes(tensor.dtype);
    const span = await opened.readStorage(tensor.storage, tensor.offset * itemBytes, tensor.spanElements * itemBytes);
    const bytes = gather(tensor, span);
    return opened.littleEndian ? bytes : reverseItems(bytes, itemBytes);
  };
  refuseInflated(source, opened.root);
  return {
    format,
    root: opened.root,
    readBytes,
    async readTensor(tensor) {
      const dtype = readableDtype(tensor.dtype);
      if (dtype) return decodeTensor(dtype, await readBytes(tensor));
      throw invalidAt(
        source,
        0,
        `expected tensors of real numbers, found one of ${tensor.dtype}`,
        'Convert it in PyTorch.',
      );
    },
  };
}

async function detectFormat(source: ByteSource): Promise<'zip' | 'legacy'> {
  const start = await source.read(0, Math.min(source.sizeBytes, 512));
  if (start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4) return 'zip';
  if (start[0] === 0x80 && start[1]! >= 2 && start[1]! <= 5) return 'legacy';
  throw invalidAt(
    source,
    0,
    `expected a checkpoint of PyTorch (a zip file or a pickle), found ${describe(start)}`,
    cure,
  );
}

const cure = 'Take a file that torch.save wrote, e.g. checkpoint_0199.pth.tar, or a safetensors file.';

function describe(start: Uint8Array): string {
  if (start.length === 0) return 'an empty file';
  if (start[0] === 0x1f && start[1] === 0x8b) return 'a gzip file: unpack it first';
  if (new TextDecoder().decode(start.subarray(257, 262)) === 'ustar') return 'a tar file: unpack it first';
  const shown = start.subarray(0, 24);
  if (shown.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13)) {
    return `the text ${JSON.stringify(new TextDecoder().decode(shown))}`;
  }
  return `the bytes ${Array.from(shown.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
}

/** A tensor that repeats its elements (stride 0) could ask for any amount of memory. */
function refuseInflated(source: ByteSource, root: PickleValue) {
  const allowed = Math.max(source.sizeBytes, 2 ** 20);
  walkPickle(root, (value, path) => {
    if (!(value instanceof TorchTensor) || value.sizeBytes <= allowed) return;
    const found = `${path().join('/')} of ${value.sizeBytes}`;
    throw invalidAt(source, 0, `expected no tensor larger than the file, found ${found} bytes`, cure);
  });
}

function reverseItems(bytes: Uint8Array<ArrayBuffer>, itemBytes: number): Uint8Array<ArrayBuffer> {
  for (let start = 0; start < bytes.length; start += itemBytes) bytes.subarray(start, start + itemBytes).reverse();
  return bytes;
}
