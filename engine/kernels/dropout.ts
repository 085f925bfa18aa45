/** Dropout (Srivastava et al. 2014), its draws addressed like all others. */
import type { Random } from '../random.ts';
import { type Tensor, tf } from '../tf.ts';
import { attribute, isNative, runSingle, shapeTensor } from './native.ts';

/**
 * Sets each entry to 0 with the given probability and scales the others up to keep the mean. The same generator gives
 * the same mask on the same backend; the native one draws on the device, from a seed drawn here.
 */
export function dropout<Shaped extends Tensor>(x: Shaped, probability: number, random: Random): Shaped {
  const kept = isNative() ? keptNative(x.shape, probability, random) : keptPortable(x.shape, probability, random);
  return tf.mul(tf.mul(x, 1 / (1 - probability)), kept);
}

/** 1 where an entry stays, 0 elsewhere. */
function keptNative(shape: number[], probability: number, random: Random): Tensor {
  const attributes = [
    attribute.type('dtype', 'float32'),
    attribute.type('T', 'int32'),
    attribute.type('Tseed', 'int32'),
  ];
  const seed = tf.tensor1d([random.integer(2 ** 31), random.integer(2 ** 31)], 'int32');
  const uniform = runSingle('StatelessRandomUniform', attributes, [shapeTensor(shape), seed]);
  return tf.cast(tf.greaterEqual(uniform, probability), 'float32');
}

function keptPortable(shape: number[], probability: number, random: Random): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => (random.chance(probability) ? 0 : 1)),
    shape,
  );
}
