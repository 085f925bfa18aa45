/** Fully connected layers and the non-linearity between them. */
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../tf.ts';
import { float32, isNative, runSingle } from './native.ts';

/** x [n, in] weight [in, out] + bias [out] -> [n, out]. */
export function linear(x: Tensor2D, weight: Tensor2D, bias: Tensor1D): Tensor2D {
  return tf.add(tf.matMul(x, weight), bias);
}

/** max(x, 0), whose gradient at 0 is 0. */
export function relu<Shaped extends Tensor>(x: Shaped): Shaped {
  const native = isNative();
  return tf.customGrad((x, save) => {
    const y = native ? runSingle('Relu', [float32], [x as Tensor]) : tf.relu(x as Tensor);
    (save as tf.GradSaveFunc)([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, [y]: Tensor[]) =>
        native ? runSingle('ReluGrad', [float32], [dy, y!]) : tf.mul(dy, tf.step(y!)),
    };
  })(x) as Shaped;
}

/** x [n, d] divided by its rows' Euclidean lengths (at least 1e-12, as torch.nn.functional.normalize). */
export function normaliseRows(x: Tensor2D): Tensor2D {
  const length = tf.sqrt(tf.sum(tf.square(x), 1, true));
  return tf.div(x, tf.maximum(length, 1e-12));
}
