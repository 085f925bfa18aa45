/** Writes a pickle of protocol 2, as torch.save does by default: what `torch.load(weights_only=True)` accepts. */
import type { Dtype } from './dtypes.ts';
import {
  OrderedDictionary,
  PickleDictionary,
  PickleGlobal,
  PickleTuple,
  type PickleValue,
  walkPickle,
} from './pickle-values.ts';
import { readableDtype, rowMajorStride, TorchTensor } from './pytorch-tensor.ts';

/** The bytes of a pickle, and the tensors that it refers to by the keys 0, 1, 2, ...; one that occurs twice is shared. */
export interface WrittenPickle {
  bytes: Uint8Array<ArrayBuffer>;
  tensors: TorchTensor[];
}

/**
 * Tensors are written as row-major views of storages of their own. Shared containers are written once for each place.
 * Whole numbers become int. Throws for values that torch's safe reader refuses.
 */
export function writePickle(root: PickleValue): WrittenPickle {
  walkPickle(root, () => {}); // for the depth
  const writer = new PickleWriter();
  writer.protocol();
  writer.value(root);
  return writer.end();
}

/** Storage classes by element type; torch has none for the others, which go into untyped storages. */
const storageClasses: Partial<Record<Dtype, string>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
};

class PickleWriter {
  #buffer = new Uint8Array(2 ** 16);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;
  readonly #keys = new Map<TorchTensor, number>();
  readonly #open = new Set<PickleValue>();

  protocol(): void {
    this.#bytes(0x80, 2);
  }

  end(): WrittenPickle {
    this.#bytes(0x2e);
    return { bytes: this.#buffer.slice(0, this.#length), tensors: [...this.#keys.keys()] };
  }

  value(value: PickleValue): void {
    if (value === null) this.#bytes(0x4e);
    else if (typeof value === 'boolean') this.#bytes(value ? 0x88 : 0x89);
    else if (typeof value === 'string') this.#text(value);
    else if (typeof value === 'bigint') this.#integer(value);
    else if (typeof value === 'number') this.#number(value);
    else if (value instanceof TorchTensor) this.#tensor(value);
    else if (value instanceof PickleGlobal) this.#global(value.name);
    else this.#container(value);
  }

  #container(value: PickleValue): void {
    if (this.#open.has(value)) throw new Error('a value that contains itself cannot be saved');
    this.#open.add(value);
    if (value instanceof PickleTuple) this.#tuple(value.items);
    else if (Array.isArray(value)) {
      this.#bytes(0x5d, 0x28); // EMPTY_LIST MARK
      for (const item of value) this.value(item);
      this.#bytes(0x65); // APPENDS
    } else if (value instanceof PickleDictionary) {
      if (value instanceof OrderedDictionary) this.#emptyOrderedDictionary();
      else this.#bytes(0x7d); // EMPTY_DICT
      this.#bytes(0x28); // MARK
      for (const [key, item] of value) {
        this.value(key);
        this.value(item);
      }
      this.#bytes(0x75); // SETITEMS
    } else throw new Error('only tensors, numbers, texts, lists, tuples and dicts can be saved');
    this.#open.delete(value);
  }

  #tuple(items: readonly PickleValue[]): void {
    this.#bytes(0x28); // MARK
    for (const item of items) this.value(item);
    this.#bytes(0x74); // TUPLE
  }

  #emptyOrderedDictionary(): void {
    this.#global('collections.OrderedDict');
    this.#bytes(0x29, 0x52); // EMPTY_TUPLE REDUCE
  }

  #tensor(tensor: TorchTensor): void {
    const dtype = readableDtype(tensor.dtype);
    if (!dtype) throw new Error(`a tensor of ${tensor.dtype} cannot be saved`);
    const key = this.#keys.get(tensor) ?? this.#keys.size;
    this.#keys.set(tensor, key);
    const storageClass = storageClasses[dtype];
    this.#global(`torch._utils._rebuild_tensor_v${storageClass ? 2 : 3}`);
    this.#bytes(0x28, 0x28); // MARK MARK
    this.#text('storage');
    this.#global(storageClass ? `torch.${storageClass}` : 'torch.storage.UntypedStorage');
    this.#text(String(key));
    this.#text('cpu');
    this.#number(storageClass ? tensor.elements : tensor.sizeBytes);
    this.#bytes(0x74, 0x51); // TUPLE BINPERSID
    this.#number(0);
    this.#tuple(tensor.shape);
    this.#tuple(rowMajorStride(tensor.shape));
    this.#bytes(0x89); // needs no gradient
    this.#emptyOrderedDictionary(); // no hooks
    if (!storageClass) this.#global(`torch.${tensor.dtype}`);
    this.#bytes(0x74, 0x52); // TUPLE REDUCE
  }

  #global(name: string): void {
    const dot = name.lastIndexOf('.');
    const bytes = new TextEncoder().encode(`c${name.slice(0, dot)}\n${name.slice(dot + 1)}\n`);
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.#bytes(0x58); // BINUNICODE
    this.#room(4 + bytes.length);
    this.#view.setUint32(this.#length, bytes.length, true);
    this.#buffer.set(bytes, this.#length + 4);
    this.#length += 4 + bytes.length;
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      this.#integer(BigInt(value));
      return;
    }
    this.#bytes(0x47); // BINFLOAT
    this.#room(8);
    this.#view.setFloat64(this.#length, value, false);
    this.#length += 8;
  }

  #integer(value: bigint): void {
    if (value === BigInt.asUintN(8, value))
      this.#bytes(0x4b, Number(value)); // BININT1
    else if (value === BigInt.asIntN(32, value)) {
      this.#bytes(0x4a); // BININT
      this.#room(4);
      this.#view.setInt32(this.#length, Number(value), true);
      this.#length += 4;
    } else {
      const bytes: number[] = [];
      // In two's complement: until a sign bit and nothing else is left.
      for (let rest = value; bytes.length === 0 || BigInt.asIntN(bytes.length * 8, value) !== value; rest >>= 8n) {
        bytes.push(Number(rest & 255n));
      }
      if (bytes.length > 255) throw new Error('a whole number of more than 255 bytes cannot be saved');
      this.#bytes(0x8a, bytes.length, ...bytes); // LONG1
    }
  }

  #bytes(...bytes: number[]): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #room(length: number): void {
    if (this.#length + length <= this.#buffer.length) return;
    const larger = new Uint8Array(2 * (this.#length + length));
    larger.set(this.#buffer);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
