/** Fully connected layers and the non-linearity between them. */
import { type Tensor, type Tensor1D, type Tensor2D, tf } from '../tf.ts';
import { attribute, float32, isNative, runSingle } from './native.ts';

/** x [n, in] weight [in, out] + bias [out] -> [n, out]. Differentiable in all three. */
export function linear(x: Tensor2D, weight: Tensor2D, bias: Tensor1D): Tensor2D {
  if (!isNative()) return tf.add(tf.matMul(x, weight), bias);
  return tf.customGrad((...inputs) => {
    const [x, weight, bias, save] = inputs as unknown as [Tensor2D, Tensor2D, Tensor1D, tf.GradSaveFunc];
    save([x, weight]);
    return {
      value: tf.add(product(x, weight), bias),
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const [x, weight] = saved as [Tensor2D, Tensor2D];
        // MatMul copies a large weight to turn it over; the product for batches does not.
        const dx = weight.size > 2 ** 17 ? tf.matMul(dy, weight, false, true) : product(dy, weight, { right: true });
        return [dx, product(x, dy, { left: true }), tf.sum(dy, 0)];
      },
    };
  })(x, weight, bias) as Tensor2D;
}

/** A matrix product, of transposed ones if asked for. tfjs's own goes the way for batches, which takes small ones three times as long. */
function product(left: Tensor, right: Tensor, transposed: { left?: boolean; right?: boolean } = {}): Tensor {
  const attributes = [
    float32,
    attribute.bool('transpose_a', transposed.left ?? false),
    attribute.bool('transpose_b', transposed.right ?? false),
  ];
  return runSingle('MatMul', attributes, [left, right]);
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
