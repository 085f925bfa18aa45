/**
 * SEED's objective (Fang et al. 2021, arXiv 2101.04731, equations 3 to 5): the student is to be as similar to the teacher's
 * embeddings, of its own image and of those in the queue, as the teacher is.
 */
import { softCrossEntropy } from '../kernels/cross-entropy.ts';
import { type Scalar, type Tensor2D, tf } from '../tf.ts';
import { contrastiveLogits } from './info-nce.ts';

/**
 * How the teacher places its own embeddings: softmax of their similarities to themselves (column 0, their squared
 * length) and to the queue, over the temperature. teacher [n, d] and queue [K, d], rows of unit length -> [n, 1 + K].
 */
export function softTargets(teacher: Tensor2D, queue: Tensor2D, temperature: number): Tensor2D {
  return tf.softmax(contrastiveLogits(teacher, teacher, queue, temperature));
}

/** Mean over the rows of -sum(target * log softmax(logits)); logits, targets [n, 1 + K]. Differentiable in logits. */
export function distillationLoss(logits: Tensor2D, targets: Tensor2D): Scalar {
  return softCrossEntropy(logits, targets);
}

/** Mean over the rows of -sum(p log p), in nats: the loss can fall no lower. targets [n, c], rows sum to 1. */
export function meanEntropy(targets: Tensor2D): Scalar {
  // p log p is 0 at p = 0, where the logarithm alone is not finite; 1e-38 would count as 0 on many processors.
  const terms = tf.mul(targets, tf.log(tf.maximum(targets, 1e-30)));
  return tf.neg(tf.mean(tf.sum(terms, 1)));
}
