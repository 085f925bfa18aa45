/** The Gaussian error linear unit (Hendrycks and Gimpel 2016, arXiv 1606.08415). */
import { type Tensor, tf } from '../tf.ts';

/** x times the share of a standard normal distribution below x: the exact form, PyTorch's default. Differentiable. */
export function gelu<Shaped extends Tensor>(x: Shaped): Shaped {
  return tf.customGrad((x, save) => {
    const below = tf.mul(tf.add(tf.erf(tf.mul(x as Tensor, Math.SQRT1_2)), 1), 0.5);
    (save as tf.GradSaveFunc)([x as Tensor, below]);
    return {
      value: tf.mul(x as Tensor, below),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x, below] = saved as [Tensor, Tensor];
        const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(below, tf.mul(x, density)));
      },
    };
  })(x) as Shaped;
}
