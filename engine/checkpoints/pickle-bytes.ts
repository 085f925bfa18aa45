/** Bytes in pickles: protocol 2 has none and writes them as text with one character for each. */
import { PickleRefusal, type PickleValue } from './pickle-values.ts';

/** Bytes, given as such or as text with one character for each. */
export function bytesOf(given: PickleValue | undefined): Uint8Array<ArrayBuffer> {
  if (given instanceof Uint8Array) return given;
  if (typeof given !== 'string') throw new PickleRefusal('expected bytes');
  return latin1(given);
}

/** Protocol 2 has no bytes: Python writes them as text, to be encoded again. */
export function encodeText([text, encoding]: readonly PickleValue[]): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw new PickleRefusal('expected text to encode');
  if (encoding === 'latin1' || encoding === 'latin-1') return latin1(text);
  throw new PickleRefusal('expected the encoding latin1');
}

function latin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 255) throw new PickleRefusal('expected text in latin1');
    bytes[index] = code;
  }
  return bytes;
}
