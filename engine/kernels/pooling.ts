/** Pooling with PyTorch's padding. */
import { type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import { attribute, channelsLast, float32, isNative, runSingle } from './native.ts';

export interface MaxPoolOptions {
  kernel: number;
  stride: number;
  /** Added on each side; padded places never win. */
  padding: number;
}

/** x [n, h, w, c] -> the largest value of each window. */
export function maxPool(x: Tensor4D, options: MaxPoolOptions): Tensor4D {
  const { kernel, stride, padding } = options;
  if (!isNative()) return tf.maxPool(x, kernel, stride, padding);
  const attributes = [
    float32,
    channelsLast,
    attribute.int('ksize', [1, kernel, kernel, 1]),
    attribute.int('strides', [1, stride, stride, 1]),
    attribute.string('padding', 'EXPLICIT'),
    attribute.int('explicit_paddings', [0, 0, padding, padding, padding, padding, 0, 0]),
  ];
  return tf.customGrad((x, save) => {
    const y = runSingle('MaxPool', attributes, [x as Tensor4D]);
    (save as tf.GradSaveFunc)([x as Tensor4D, y]);
    return {
      value: y,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => runSingle('MaxPoolGrad', attributes, [...saved, dy]),
    };
  })(x) as Tensor4D;
}

/** The mean over all pixels: [n, h, w, c] -> [n, c]. */
export function globalAveragePool(x: Tensor4D): Tensor2D {
  return tf.mean(x, [1, 2]);
}
