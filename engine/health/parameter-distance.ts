import { type Tensors, tf } from '../tf.ts';

/** |one - other| / |one| over all parameters together: how far a moving average has stayed behind. */
export function relativeDistance(one: Tensors, other: Tensors): number {
  const [difference, length] = tf.tidy(() => {
    const names = Object.keys(one);
    const squares = names.map((name) => tf.sum(tf.square(tf.sub(one[name]!, other[name]!))));
    const lengths = names.map((name) => tf.sum(tf.square(one[name]!)));
    return [tf.addN(squares).dataSync()[0]!, tf.addN(lengths).dataSync()[0]!];
  });
  return Math.sqrt(difference! / length!);
}
