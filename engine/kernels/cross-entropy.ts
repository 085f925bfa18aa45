/** Softmax cross-entropy, with whole-number targets and with distributions. */
import { type Scalar, type Tensor1D, type Tensor2D, tf } from '../tf.ts';
import { attribute, float32, isNative, run } from './native.ts';

/** Mean over the rows of -log softmax(logits)[label]; logits [n, c], labels [n] (int32). Differentiable in logits. */
export function crossEntropy(logits: Tensor2D, labels: Tensor1D): Scalar {
  return tf.customGrad((logits, save) => {
    const { losses, gradient } = (isNative() ? fused : composed)(logits as Tensor2D, labels);
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: tf.mean(losses) as Scalar,
      gradFunc: (dy: Scalar, [gradient]: tf.Tensor[]) => tf.mul(gradient!, tf.div(dy, labels.size)),
    };
  })(logits) as Scalar;
}

/** Losses [n] and the gradient of their sum [n, c] in one pass. */
function fused(logits: Tensor2D, labels: Tensor1D) {
  const attributes = [float32, attribute.type('Tlabels', 'int32')];
  const [losses, gradient] = run('SparseSoftmaxCrossEntropyWithLogits', attributes, [logits, labels], 2);
  return { losses: losses!, gradient: gradient! };
}

function composed(logits: Tensor2D, labels: Tensor1D) {
  const target = tf.oneHot(labels, logits.shape[1]);
  const logProbabilities = tf.logSoftmax(logits);
  const losses = tf.neg(tf.sum(tf.mul(target, logProbabilities), 1));
  return { losses, gradient: tf.sub(tf.exp(logProbabilities), target) };
}

/**
 * Mean over the rows of -sum(target * log softmax(logits)); logits, targets [n, c], the rows of targets sum to 1.
 * Differentiable in logits; targets are constants.
 */
export function softCrossEntropy(logits: Tensor2D, targets: Tensor2D): Scalar {
  const [count] = logits.shape;
  return tf.customGrad((logits, save) => {
    const { losses, gradient } = (isNative() ? fusedSoft : composedSoft)(logits as Tensor2D, targets);
    (save as tf.GradSaveFunc)([gradient]);
    return {
      value: tf.mean(losses) as Scalar,
      gradFunc: (dy: Scalar, [gradient]: tf.Tensor[]) => tf.mul(gradient!, tf.div(dy, count)),
    };
  })(logits) as Scalar;
}

function fusedSoft(logits: Tensor2D, targets: Tensor2D) {
  const [losses, gradient] = run('SoftmaxCrossEntropyWithLogits', [float32], [logits, targets], 2);
  return { losses: losses!, gradient: gradient! };
}

function composedSoft(logits: Tensor2D, targets: Tensor2D) {
  const logProbabilities = tf.logSoftmax(logits);
  const losses = tf.neg(tf.sum(tf.mul(targets, logProbabilities), 1));
  return { losses, gradient: tf.sub(tf.exp(logProbabilities), targets) };
}
