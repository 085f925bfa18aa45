/** The fill rule of the fixtures: every tensor is computed from its name (fixtures' README, "The fill rule"). */
import type { NamedArray } from '../../engine/models/layout.ts';
import type { TensorSpec } from '../../engine/models/model.ts';
import { type Tensor4D, tf } from '../../engine/tf.ts';

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** The 32-bit hash of entry `index` of the tensor `name`. */
export function fillHash(name: string, index: number): number {
  return scramble(fnv1a(name), index);
}

function scramble(base: number, index: number): number {
  let x = (base + Math.imul(index, 0x9e3779b9)) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

/** (2u - 1 + shift) * scale, which is every rule there is; one loop of plain arithmetic, for 10^8 weights. */
function fillWith(name: string, shape: readonly number[], scale: number, shift = 0): Float32Array {
  const base = fnv1a(name);
  const values = new Float32Array(sizeOf(shape));
  for (let index = 0; index < values.length; index++) {
    values[index] = ((2 * scramble(base, index)) / 4294967296 - 1 + shift) * scale;
  }
  return values;
}

/** A parameter or buffer in PyTorch's layout. `prefix` and `gain` are those of the fixture's file. */
export function fillTensor(spec: Pick<TensorSpec, 'name' | 'shape'>, prefix = '', gain = 1): NamedArray {
  const { name, shape } = spec;
  const filled = (scale: number, shift = 0) => ({ name, shape, data: fillWith(prefix + name, shape, scale, shift) });
  if (name.endsWith('num_batches_tracked')) return { name, shape, data: new BigInt64Array(sizeOf(shape)) };
  if (name === 'cls_token' || name === 'pos_embedding') return filled(0.02);
  if (shape.length >= 2) {
    return filled(Math.sqrt(3 / sizeOf(shape.slice(1))) * gain);
  }
  if (name.endsWith('.bias') || name.endsWith('running_mean')) return filled(0.1);
  return filled(0.5, 2); // 0.5 + u
}

/** The queue [dim, K] in PyTorch's layout: columns of unit length. */
export function fillQueue(dimension: number, length: number, prefix = ''): NamedArray {
  const raw = fillWith(`${prefix}queue`, [dimension, length], 1);
  const data = new Float32Array(raw.length);
  for (let column = 0; column < length; column++) {
    let squares = 0;
    for (let row = 0; row < dimension; row++) squares += raw[row * length + column]! ** 2;
    for (let row = 0; row < dimension; row++) {
      data[row * length + column] = raw[row * length + column]! / Math.sqrt(squares);
    }
  }
  return { name: 'queue', shape: [dimension, length], data };
}

/** Normalised images of a fixture's [n, 3, h, w] label, as the engine takes them: [n, h, w, 3]. */
export function fillImages(label: string, shape: [number, number, number, number]): Tensor4D {
  const values = fillWith(`input/${label}`, shape, 2);
  return tf.tidy(() => tf.transpose(tf.tensor4d(values, shape), [0, 2, 3, 1]));
}
