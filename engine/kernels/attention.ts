/** Scaled dot-product attention (Vaswani et al. 2017, arXiv 1706.03762, equation 1). */
import { type Tensor, type Tensor4D, tf } from '../tf.ts';

/**
 * softmax(queries keys^T / sqrt(d)) values, for each image and head by itself; all three [n, heads, tokens, d], and so
 * is the result. Differentiable in all three.
 */
export function attention(queries: Tensor4D, keys: Tensor4D, values: Tensor4D): Tensor4D {
  const scale = 1 / Math.sqrt(queries.shape[3]);
  return tf.customGrad((...inputs) => {
    const [queries, keys, values, save] = inputs as unknown as [Tensor, Tensor, Tensor, tf.GradSaveFunc];
    const weights = tf.softmax(tf.mul(tf.matMul(queries, keys, false, true), scale)); // [n, heads, tokens, tokens]
    save([queries, keys, values, weights]);
    return {
      value: tf.matMul(weights, values),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [queries, keys, values, weights] = saved as [Tensor, Tensor, Tensor, Tensor];
        const weighted = tf.mul(tf.matMul(dy, values, false, true), weights);
        // The softmax's gradient: y (dy - sum of y dy).
        const dScores = tf.mul(tf.sub(weighted, tf.mul(weights, tf.sum(weighted, -1, true))), scale);
        return [tf.matMul(dScores, keys), tf.matMul(dScores, queries, true), tf.matMul(weights, dy, true)];
      },
    };
  })(queries, keys, values) as Tensor4D;
}
