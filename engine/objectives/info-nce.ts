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
