/** Layer normalisation (Ba et al. 2016, arXiv 1607.06450) as PyTorch computes it, over the rows of [rows, d]. */
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../tf.ts';

export interface LayerNormTensors {
  /** Scale and offset, [d]. */
  weight: Tensor1D;
  bias: Tensor1D;
}

/** Each row to mean 0 and (biased) variance 1, then scaled and moved. Differentiable in x, weight and bias. */
export function layerNorm(x: Tensor2D, { weight, bias }: LayerNormTensors, epsilon = 1e-5): Tensor2D {
  return tf.customGrad((...inputs) => {
    const [x, weight, bias, save] = inputs as unknown as [Tensor2D, Tensor1D, Tensor1D, tf.GradSaveFunc];
    const centred = tf.sub(x, tf.mean(x, 1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), epsilon)); // [rows, 1]
    const normalised = tf.mul(centred, inverse);
    save([weight, normalised, inverse]);
    return {
      value: tf.add(tf.mul(normalised, weight), bias),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [weight, normalised, inverse] = saved as [Tensor1D, Tensor2D, Tensor2D];
        const dNormalised = tf.mul(dy, weight);
        // The row's mean and variance depend on x as well (Ioffe and Szegedy 2015, section 3, collected).
        const through = tf.mul(normalised, tf.mean(tf.mul(dNormalised, normalised), 1, true));
        const dCentred = tf.sub(tf.sub(dNormalised, tf.mean(dNormalised, 1, true)), through);
        return [tf.mul(dCentred, inverse), tf.sum(tf.mul(dy, normalised), 0), tf.sum(dy, 0)];
      },
    };
  })(x, weight, bias) as Tensor2D;
}
