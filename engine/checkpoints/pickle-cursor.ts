/** Reads the operands of a pickle. Nothing is allocated before it is known that the bytes are there. */
import { PickleRefusal } from './pickle-values.ts';

/** Thrown where the bytes end before the pickle does. */
export class PickleCut extends Error {}

/** Whole numbers longer than this (256 digits and more) have no place in a checkpoint. */
const maximumIntegerBytes = 128;

export class PickleCursor {
  position: number;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(bytes: Uint8Array<ArrayBuffer>, position: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = position;
  }

  /** Moves on by `length` bytes and gives the place where they begin. */
  #take(length: number): number {
    if (length > this.#bytes.length - this.position) throw new PickleCut();
    const start = this.position;
    this.position += length;
    return start;
  }

  uint8 = () => this.#view.getUint8(this.#take(1));
  uint16 = () => this.#view.getUint16(this.#take(2), true);
  int32 = () => this.#view.getInt32(this.#take(4), true);
  uint32 = () => this.#view.getUint32(this.#take(4), true);
  /** The one big-endian operand of pickles. */
  float64 = () => this.#view.getFloat64(this.#take(8), false);

  /** A length of 64 bits. */
  uint64(): number {
    const length = this.#view.getBigUint64(this.#take(8), true);
    if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw new PickleCut();
    return Number(length);
  }

  /** A copy. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const start = this.#take(length);
    return this.#bytes.slice(start, start + length);
  }

  skip(length: number): void {
    this.#take(length);
  }

  text(length: number): string {
    const start = this.#take(length);
    try {
      return this.#decoder.decode(this.#bytes.subarray(start, start + length));
    } catch {
      throw new PickleRefusal('expected text in UTF-8');
    }
  }

  /** A string of Python 2: text, or bytes where it is not UTF-8. */
  textOrBytes(length: number): string | Uint8Array<ArrayBuffer> {
    const start = this.position;
    try {
      return this.text(length);
    } catch (thrown) {
      if (!(thrown instanceof PickleRefusal)) throw thrown;
      this.position = start;
      return this.bytes(length);
    }
  }

  /** Text up to a line feed. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.position);
    if (end < 0) throw new PickleCut();
    const text = this.text(end - this.position);
    this.position++;
    return text;
  }

  /** A whole number in two's complement, little-endian. */
  integer(length: number): number | bigint {
    if (length > maximumIntegerBytes) {
      throw new PickleRefusal(
        `expected a whole number of at most ${maximumIntegerBytes} bytes, found one of ${length}`,
      );
    }
    const start = this.#take(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--) value = (value << 8n) | BigInt(this.#bytes[start + index]!);
    value = BigInt.asIntN(length * 8, value);
    return BigInt(Number.MIN_SAFE_INTEGER) <= value && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }
}
