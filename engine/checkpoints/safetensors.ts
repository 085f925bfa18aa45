/**
 * The safetensors format (github.com/huggingface/safetensors): the header's length as a 64-bit number, a JSON header,
 * then the tensors' bytes, back to back and little-endian. It is data only; nothing in it can be executed.
 *
 * Reading is strict: a file is taken only if its tensors cover its bytes exactly, so that a file that was cut, grown
 * or mixed up is refused before a value of it is used.
 */
import type { AppError } from '../../common/errors.ts';
import { type ByteSource, invalidAt } from './byte-source.ts';
import { type Dtype, decodeTensor, dtypeBytes, isDtype, type TensorData } from './dtypes.ts';
import { findRepeatedKey } from './repeated-key.ts';

export interface TensorEntry {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
}

export interface StoredTensor extends TensorEntry {
  /** Place in the file. */
  offset: number;
  byteLength: number;
}

export interface SafetensorsHeader {
  metadata: Record<string, string>;
  /** In the order of their bytes. */
  tensors: ReadonlyMap<string, StoredTensor>;
}

const prefixBytes = 8;
/** The format's own limit. */
const maximumHeaderBytes = 100_000_000;
const metadataKey = '__metadata__';

/**
 * The first bytes of a file that holds these tensors, and the tensors in the order in which their bytes must follow.
 *
 * Wider types come first and the header is filled up with spaces to a multiple of 8, so that every tensor is aligned
 * and readers can map the file. Throws if a name occurs twice.
 */
export function layOut<Entry extends TensorEntry>(tensors: Iterable<Entry>, metadata: Record<string, string>) {
  const ordered = [...tensors].sort((left, right) => dtypeBytes[right.dtype] - dtypeBytes[left.dtype]);
  const names = new Set(ordered.map((tensor) => tensor.name));
  if (names.size < ordered.length || names.has(metadataKey)) throw new Error('tensor names must be different');
  let end = 0;
  const fields = ordered.map((tensor) => {
    const begin = end;
    end += byteLengthOf(tensor);
    return [tensor.name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] }] as const;
  });
  const text = JSON.stringify(Object.fromEntries([[metadataKey, metadata], ...fields]));
  const json = new TextEncoder().encode(text);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(prefixBytes + headerBytes).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(headerBytes), true);
  header.set(json, prefixBytes);
  return { header, ordered, sizeBytes: header.length + end };
}

/** Bytes of a tensor; throws where its shape is not one. */
export function byteLengthOf({ name, dtype, shape }: TensorEntry): number {
  const length = shape.reduce((product, size) => product * size, dtypeBytes[dtype]);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0) || !Number.isSafeInteger(length)) {
    throw new Error(`${name} cannot have the shape [${shape.join(', ')}]`);
  }
  return length;
}

/** Reads and checks the header. Throws `checkpoint-invalid` with the file, the place and what was expected there. */
export async function readHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const refuse = (offset: number, message: string) =>
    invalidAt(
      source,
      offset,
      message,
      'The file is damaged, was not copied completely, or is no safetensors file. Take another copy of it.',
    );
  if (source.sizeBytes < prefixBytes) {
    throw refuse(source.sizeBytes, `expected a safetensors file, but it ends after ${source.sizeBytes} bytes`);
  }
  const prefix = await source.read(0, prefixBytes);
  const headerBytes = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  const available = Math.min(maximumHeaderBytes, source.sizeBytes - prefixBytes);
  if (headerBytes < 2n || headerBytes > available) {
    throw refuse(0, `expected the length of the header, 2 to ${available} bytes, found ${headerBytes}`);
  }
  const bytes = await source.read(prefixBytes, Number(headerBytes));
  const header = parseHeader(bytes, (message) => refuse(prefixBytes, message));
  return checkHeader(header, prefixBytes + bytes.length, source.sizeBytes, refuse);
}

/** The values of one tensor. */
export async function readTensor(source: ByteSource, tensor: StoredTensor): Promise<TensorData> {
  return decodeTensor(tensor.dtype, await source.read(tensor.offset, tensor.byteLength));
}

function parseHeader(bytes: Uint8Array, refuse: (message: string) => AppError): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw refuse(`expected a JSON header: ${cause instanceof Error ? cause.message : cause}`);
  }
  if (!text.startsWith('{') || !isRecord(header)) throw refuse('expected a JSON object as the header');
  const repeated = findRepeatedKey(text);
  if (repeated !== undefined) throw refuse(`expected each name once, found ${JSON.stringify(repeated)} twice`);
  return header;
}

function checkHeader(
  header: Record<string, unknown>,
  dataOffset: number,
  sizeBytes: number,
  refuse: (offset: number, message: string) => AppError,
): SafetensorsHeader {
  const { [metadataKey]: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw refuse(prefixBytes, `expected ${metadataKey} to be an object of strings`);
  }
  const stored = Object.entries(entries).map(([name, entry]) =>
    checkEntry(name, entry, dataOffset, (message) => refuse(prefixBytes, `tensor ${JSON.stringify(name)}: ${message}`)),
  );
  // Empty tensors take no room and may lie at the border of two others.
  stored.sort((left, right) => left.offset - right.offset || left.byteLength - right.byteLength);
  let end = dataOffset;
  for (const { name, offset, byteLength } of stored) {
    if (offset !== end) {
      const fault = offset < end ? 'it overlaps the tensor before' : `${offset - end} bytes belong to no tensor`;
      throw refuse(offset, `expected tensor ${JSON.stringify(name)} to begin at byte ${end}: ${fault}`);
    }
    end += byteLength;
  }
  if (end !== sizeBytes) {
    throw refuse(Math.min(end, sizeBytes), `expected ${end} bytes by the header, but the file has ${sizeBytes}`);
  }
  return {
    metadata: metadata as Record<string, string>,
    tensors: new Map(stored.map((tensor) => [tensor.name, tensor])),
  };
}

function checkEntry(
  name: string,
  entry: unknown,
  dataOffset: number,
  refuse: (message: string) => AppError,
): StoredTensor {
  if (!isRecord(entry)) throw refuse('expected an object with dtype, shape and data_offsets');
  const { dtype, shape, data_offsets: place } = entry;
  if (!isDtype(dtype)) {
    throw refuse(`expected a dtype of ${Object.keys(dtypeBytes).join(', ')}, found ${brief(dtype)}`);
  }
  if (!isSizes(shape)) throw refuse(`expected a shape of whole numbers, found ${brief(shape)}`);
  if (!isSizes(place) || place.length !== 2) {
    throw refuse(`expected data_offsets of two whole numbers, found ${brief(place)}`);
  }
  const [begin, end] = place as [number, number];
  const expected = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, dtypeBytes[dtype]);
  if (end - begin !== expected) {
    throw refuse(`expected ${expected} bytes for ${dtype} ${brief(shape)}, found data_offsets ${brief(place)}`);
  }
  return { name, dtype, shape, offset: dataOffset + begin, byteLength: expected };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
