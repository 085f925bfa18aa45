/** A tensor of PyTorch as its files describe it: a view of a storage, whose bytes lie elsewhere. */
import { type Dtype, dtypeBytes } from './dtypes.ts';
import { PickleObject, PickleRefusal } from './pickle-values.ts';

/** Element types by torch's names; those of which only the size is known can be listed, but not read. */
const torchDtypes = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
} as const satisfies Record<string, Dtype>;

const unreadableBytes = {
  complex128: 16,
  complex64: 8,
  complex32: 4,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2fnuz: 1,
  float8_e8m0fnu: 1,
} as const;

export type TorchDtype = keyof typeof torchDtypes | keyof typeof unreadableBytes;

export function isTorchDtype(name: string): name is TorchDtype {
  return Object.hasOwn(torchDtypes, name) || Object.hasOwn(unreadableBytes, name);
}

/** The same type in the words of safetensors; undefined where its values cannot be read. */
export function readableDtype(dtype: TorchDtype): Dtype | undefined {
  return Object.hasOwn(torchDtypes, dtype) ? torchDtypes[dtype as keyof typeof torchDtypes] : undefined;
}

export function torchDtypeOf(dtype: Dtype): TorchDtype {
  return (Object.keys(torchDtypes) as (keyof typeof torchDtypes)[]).find((name) => torchDtypes[name] === dtype)!;
}

export function torchDtypeBytes(dtype: TorchDtype): number {
  const readable = readableDtype(dtype);
  return readable ? dtypeBytes[readable] : unreadableBytes[dtype as keyof typeof unreadableBytes];
}

/** A block of memory that tensors are views of. */
export class TorchStorage extends PickleObject {
  /** Its name within the file. */
  readonly key: string;
  readonly dtype: TorchDtype;
  /** Bytes that the file holds of it; `start` is where they begin within the block of that key. */
  readonly sizeBytes: number;
  readonly start: number;

  constructor(key: string, dtype: TorchDtype, sizeBytes: number, start = 0) {
    super();
    this.key = key;
    this.dtype = dtype;
    this.sizeBytes = sizeBytes;
    this.start = start;
  }
}

export class TorchTensor extends PickleObject {
  readonly storage: TorchStorage;
  readonly dtype: TorchDtype;
  readonly shape: readonly number[];
  /** In elements, as `offset` is. */
  readonly stride: readonly number[];
  readonly offset: number;

  /** Throws PickleRefusal unless every element lies within the storage. */
  constructor(
    storage: TorchStorage,
    dtype: TorchDtype,
    shape: readonly number[],
    stride = rowMajorStride(shape),
    offset = 0,
  ) {
    super();
    if (shape.length !== stride.length) throw new PickleRefusal('expected as many strides as dimensions');
    this.storage = storage;
    this.dtype = dtype;
    this.shape = shape;
    this.stride = stride;
    this.offset = offset;
    const needed = this.elements === 0 ? 0 : (offset + this.spanElements) * torchDtypeBytes(dtype);
    if (!(Number.isSafeInteger(this.elements) && needed <= storage.sizeBytes)) {
      const found = `[${shape.join(', ')}] with strides [${stride.join(', ')}] from ${offset}`;
      throw new PickleRefusal(`expected a view within the ${storage.sizeBytes} bytes of its storage, found ${found}`);
    }
  }

  get elements(): number {
    return this.shape.includes(0) ? 0 : this.shape.reduce((product, size) => product * size, 1);
  }

  get sizeBytes(): number {
    return this.elements * torchDtypeBytes(this.dtype);
  }

  /** Elements from the first to the last, those between that are no part of it included. */
  get spanElements(): number {
    return this.shape.reduce((span, size, axis) => span + (size - 1) * this.stride[axis]!, 1);
  }

  /** Whether the elements lie in the storage in row-major order without gaps. */
  get contiguous(): boolean {
    const expected = rowMajorStride(this.shape);
    return this.elements === 0 || this.shape.every((size, axis) => size === 1 || this.stride[axis] === expected[axis]);
  }
}

/** As torch gives them: a size of 0 counts as 1. */
export function rowMajorStride(shape: readonly number[]): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    stride[axis] = step;
    step *= Math.max(1, shape[axis]!);
  }
  return stride;
}

/**
 * The elements in row-major order, out of the bytes from the first to the last element. Expanded dimensions (stride 0)
 * are written out.
 */
export function gather(tensor: TorchTensor, span: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (tensor.contiguous) return span;
  const itemBytes = torchDtypeBytes(tensor.dtype);
  const result = new Uint8Array(tensor.sizeBytes);
  const index = new Array<number>(tensor.shape.length).fill(0);
  let from = 0; // in elements
  for (let to = 0; to < result.length; to += itemBytes) {
    const at = from * itemBytes;
    for (let byte = 0; byte < itemBytes; byte++) result[to + byte] = span[at + byte]!;
    for (let axis = index.length - 1; axis >= 0; axis--) {
      from += tensor.stride[axis]!;
      if (++index[axis]! < tensor.shape[axis]!) break;
      from -= tensor.stride[axis]! * tensor.shape[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}
