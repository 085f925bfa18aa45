/** Features for evaluations. */
import { type Tensor2D, type Tensor4D, type Tensors, tf } from '../tf.ts';
import type { Model } from './model.ts';

/** images [n, h, w, 3] -> the input of `fc`, [n, featureSize], by running statistics. The caller disposes it. */
export function extractFeatures(model: Model, parameters: Tensors, buffers: Tensors, images: Tensor4D): Tensor2D {
  return tf.tidy(() => model.forward(parameters, buffers, images, { training: false }).features);
}
