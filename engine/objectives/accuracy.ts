/** Classification accuracy. */
import { topK } from '../kernels/top-k.ts';
import { type Scalar, type Tensor1D, type Tensor2D, tf } from '../tf.ts';

/**
 * Percent of the rows whose label is among the k largest logits, for each k (at most the number of classes).
 * logits [n, c], labels [n] (int32). Of equal logits the first column counts as larger.
 */
export function accuracyAt(logits: Tensor2D, labels: Tensor1D, ks: readonly number[]): Scalar[] {
  const [count, classes] = logits.shape;
  const most = Math.min(Math.max(...ks), classes);
  const { indices } = topK(logits, most); // [n, most]
  const hits = tf.cast(tf.equal(indices, tf.reshape(labels, [count, 1])), 'float32');
  return ks.map((k) => {
    const within = tf.slice(hits, [0, 0], [count, Math.min(k, most)]);
    return tf.mul(tf.sum(within), 100 / count) as Scalar;
  });
}
