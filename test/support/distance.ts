/** Comparisons of whole tensors: plain loops, for nets have millions of entries. */
import type { NamedArray } from '../../engine/models/layout.ts';

/** Length of the difference over the length of the first. */
export function distance(one: Float32Array, other: Float32Array): number {
  let difference = 0;
  let length = 0;
  for (let at = 0; at < one.length; at++) {
    difference += (one[at]! - other[at]!) ** 2;
    length += one[at]! ** 2;
  }
  return Math.sqrt(difference / Math.max(length, 1e-12));
}

/** Names of the arrays that are not the same to the bit. */
export function changedNames(before: readonly NamedArray[], after: readonly NamedArray[]): string[] {
  const others = new Map(after.map(({ name, data }) => [name, bytesOf(data)]));
  return before.flatMap(({ name, data }) => (others.get(name)?.equals(bytesOf(data)) ? [] : [name]));
}

function bytesOf({ buffer, byteOffset, byteLength }: NamedArray['data']): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
