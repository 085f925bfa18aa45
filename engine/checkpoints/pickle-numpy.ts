/** NumPy's scalars and arrays within pickles (numpy.lib.format's type codes): numbers, and arrays as their bytes. */
import { halfToNumber } from './dtypes.ts';
import { bytesOf } from './pickle-bytes.ts';
import { PickleObject, PickleRefusal, PickleTuple, type PickleValue } from './pickle-values.ts';

/** Bytes and reader of each kind of number: `b`ool, `i`nteger, `u`nsigned, `f`loat. */
const readers: Record<string, (view: DataView, little: boolean) => number | bigint | boolean> = {
  b1: (view) => view.getUint8(0) !== 0,
  i1: (view) => view.getInt8(0),
  i2: (view, little) => view.getInt16(0, little),
  i4: (view, little) => view.getInt32(0, little),
  i8: (view, little) => whole(view.getBigInt64(0, little)),
  u1: (view) => view.getUint8(0),
  u2: (view, little) => view.getUint16(0, little),
  u4: (view, little) => view.getUint32(0, little),
  u8: (view, little) => whole(view.getBigUint64(0, little)),
  f2: (view, little) => halfToNumber(view.getUint16(0, little)),
  f4: (view, little) => view.getFloat32(0, little),
  f8: (view, little) => view.getFloat64(0, little),
};

function whole(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** `numpy.dtype`: a code such as `f8` (numbers), `S5`, `U2` (texts) or `M8` (dates), and the order of its bytes. */
class NumpyType extends PickleObject {
  readonly code: string;
  byteOrder = '|';

  constructor(code: string) {
    super();
    this.code = code;
  }

  /** The state is (version, byte order, sub-array, field names, fields, ...). */
  override build(state: PickleValue): void {
    const [, byteOrder, , names] = state instanceof PickleTuple ? state.items : [];
    if (typeof byteOrder !== 'string' || (names ?? null) !== null) {
      throw new PickleRefusal('expected a NumPy type without fields');
    }
    this.byteOrder = byteOrder;
  }

  get littleEndian(): boolean {
    return this.byteOrder !== '>';
  }
}

/** `numpy.ndarray` as its bytes; checkpoints keep histories and states of random generators in them. */
export class NumpyArray extends PickleObject {
  shape: readonly number[] = [0];
  type = new NumpyType('f8');
  fortranOrder = false;
  bytes = new Uint8Array();

  /** The state is (version, shape, type, Fortran order, bytes). */
  override build(state: PickleValue): void {
    const [, shape, type, fortranOrder, data] = state instanceof PickleTuple ? state.items : [];
    // 64 is the most dimensions that NumPy knows.
    const isShape = shape instanceof PickleTuple && shape.items.length <= 64;
    if (!isShape || !(type instanceof NumpyType) || typeof fortranOrder !== 'boolean') {
      throw new PickleRefusal('expected shape, type and bytes of a NumPy array');
    }
    // Python 2 wrote the bytes as a string, which was read as UTF-8 if it happened to be that.
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : bytesOf(data);
    const size = Number(/\d+$/.exec(type.code)?.[0]) * (type.code.startsWith('U') ? 4 : 1);
    const expected = shape.items.reduce<number>((product, length) => product * sizeOf(length), size);
    if (bytes.length !== expected) {
      throw new PickleRefusal(`expected ${expected} bytes for a NumPy array, found ${bytes.length}`);
    }
    this.shape = shape.items.map(sizeOf);
    this.type = type;
    this.fortranOrder = fortranOrder;
    this.bytes = bytes;
  }
}

function sizeOf(length: PickleValue): number {
  if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) return length;
  throw new PickleRefusal('expected a shape of whole numbers');
}

function makeType([code]: readonly PickleValue[]): NumpyType {
  if (typeof code === 'string' && /^([biuf]\d{1,2}|[SUMm]\d{1,6})$/.test(code)) return new NumpyType(code);
  throw new PickleRefusal(
    `expected a NumPy type of numbers or texts${typeof code === 'string' ? `, found ${code.slice(0, 40)}` : ''}`,
  );
}

/** A number; texts and dates as their bytes. */
function makeScalar([type, data]: readonly PickleValue[]): PickleValue {
  if (!(type instanceof NumpyType)) throw new PickleRefusal('expected a NumPy type');
  const bytes = bytesOf(data);
  const read = readers[type.code];
  if (!read) return bytes;
  if (bytes.length !== Number(type.code.slice(1))) {
    throw new PickleRefusal(`expected ${type.code.slice(1)} bytes for a NumPy number, found ${bytes.length}`);
  }
  return read(new DataView(bytes.buffer, bytes.byteOffset), type.littleEndian);
}

/** Calls by name, for NumPy 1 and 2. */
export const numpyGlobals: Record<string, (values: readonly PickleValue[]) => PickleValue> = {
  'numpy.dtype': makeType,
  ...Object.fromEntries(
    ['numpy.core', 'numpy._core'].flatMap((module) => [
      [`${module}.multiarray.scalar`, makeScalar],
      [`${module}.multiarray._reconstruct`, () => new NumpyArray()],
      [`${module}.numeric._frombuffer`, fromBuffer],
    ]),
  ),
};

/** Protocol 5's way to write an array: (bytes, type, shape, order). */
function fromBuffer([data, type, shape, order]: readonly PickleValue[]): NumpyArray {
  const array = new NumpyArray();
  array.build(new PickleTuple([1, shape ?? null, type ?? null, order === 'F', data ?? null]));
  return array;
}
