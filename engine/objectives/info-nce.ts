/** InfoNCE with a queue of negatives (van den Oord et al. 2018; He et al. 2020, arXiv 1911.05722, equation 1). */
import { crossEntropy } from '../kernels/cross-entropy.ts';
import { type Scalar, type Tensor1D, type Tensor2D, tf } from '../tf.ts';

/**
 * Similarities of each query to its own key (column 0) and to the queue, over the temperature.
 * queries, keys [n, d] and queue [K, d], rows of unit length -> [n, 1 + K].
 */
export function contrastiveLogits(queries: Tensor2D, keys: Tensor2D, queue: Tensor2D, temperature: number): Tensor2D {
  const positive = tf.sum(tf.mul(queries, keys), 1, true); // [n, 1]
  const negatives = tf.matMul(queries, queue, false, true); // [n, K]
  return tf.div(tf.concat([positive, negatives], 1), temperature);
}

/** Mean cross-entropy with column 0 as the target. */
export function infoNce(logits: Tensor2D): Scalar {
  return crossEntropy(logits, positiveLabels(logits));
}

/** [n] of zeros: the positive is column 0. */
export function positiveLabels(logits: Tensor2D): Tensor1D {
  return tf.zeros([logits.shape[0]], 'int32');
}

/** A logit that no softmax sees. */
const masked = -1e4;

/**
 * ssl-small's "ksim": what in the queue is more similar to an image's own key than `threshold` is taken for another view
 * of the same content, and is no negative. logits [n, 1 + K], keys [n, d], queue [K, d] -> logits without them, and
 * their share of the negatives, percent. The published code measures the similarities and leaves none out: threshold 1.
 */
export function withoutFalseNegatives(
  logits: Tensor2D,
  keys: Tensor2D,
  queue: Tensor2D,
  threshold: number,
): { kept: Tensor2D; share: Scalar } {
  if (threshold >= 1) return { kept: logits, share: tf.scalar(0) };
  const alike = tf.greater(tf.matMul(keys, queue, false, true), threshold); // [n, K]
  const positives = tf.zeros([logits.shape[0], 1], 'bool');
  const mask = tf.concat([positives, alike], 1);
  const kept = tf.where(mask, tf.fill(logits.shape, masked), logits) as Tensor2D;
  return { kept, share: tf.mul(tf.mean(tf.cast(alike, 'float32')), 100) };
}
