/** Element types of stored tensors, and their bytes as typed arrays. Bytes are little-endian, as on every host we run on. */

export type TensorData =
  | Float64Array
  | Float32Array
  | Int32Array
  | Int16Array
  | Int8Array
  | Uint32Array
  | Uint16Array
  | Uint8Array
  | BigInt64Array
  | BigUint64Array;

/** Bytes per element of each type that can be read and written, under the names of the safetensors format. */
export const dtypeBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
} as const;

export type Dtype = keyof typeof dtypeBytes;

export function isDtype(name: unknown): name is Dtype {
  return typeof name === 'string' && Object.hasOwn(dtypeBytes, name);
}

/** The type that an array is stored as when nothing else is said. */
export function dtypeOf(data: TensorData): Dtype {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof BigInt64Array) return 'I64';
  if (data instanceof BigUint64Array) return 'U64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof Int16Array) return 'I16';
  if (data instanceof Int8Array) return 'I8';
  if (data instanceof Uint32Array) return 'U32';
  if (data instanceof Uint16Array) return 'U16';
  return 'U8';
}

/**
 * The values of a tensor's bytes. Without a copy where the bytes are aligned; F16 and BF16 become Float32Array
 * (every value of theirs is one of float32's), BOOL a Uint8Array of 0 and 1.
 */
export function decodeTensor(dtype: Dtype, bytes: Uint8Array<ArrayBuffer>): TensorData {
  const aligned = bytes.byteOffset % dtypeBytes[dtype] === 0 ? bytes : bytes.slice();
  const from = [aligned.buffer, aligned.byteOffset, aligned.byteLength / dtypeBytes[dtype]] as const;
  switch (dtype) {
    case 'F64':
      return new Float64Array(...from);
    case 'F32':
      return new Float32Array(...from);
    case 'F16':
      return Float32Array.from(new Uint16Array(...from), halfToNumber);
    case 'BF16':
      // The upper half of a float32.
      return new Float32Array(Uint32Array.from(new Uint16Array(...from), (bits) => bits << 16).buffer);
    case 'I64':
      return new BigInt64Array(...from);
    case 'I32':
      return new Int32Array(...from);
    case 'I16':
      return new Int16Array(...from);
    case 'I8':
      return new Int8Array(...from);
    case 'U64':
      return new BigUint64Array(...from);
    case 'U32':
      return new Uint32Array(...from);
    case 'U16':
      return new Uint16Array(...from);
    case 'U8':
      return new Uint8Array(...from);
    case 'BOOL':
      return Uint8Array.from(aligned, (byte) => (byte === 0 ? 0 : 1));
  }
}

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
