/**
 * The engine's only door to TensorFlow.js. Which backend runs (native, wasm) is chosen by whoever starts the process;
 * the engine asks `kernels/native.ts` what the registered one can do.
 */
import * as tf from '@tensorflow/tfjs';

export { tf };
export type Tensor = tf.Tensor;
export type Scalar = tf.Scalar;
export type Tensor1D = tf.Tensor1D;
export type Tensor2D = tf.Tensor2D;
export type Tensor4D = tf.Tensor4D;

/** Tensors by name; in the engine their layout is TensorFlow's (see models/layout.ts). */
export type Tensors = Readonly<Record<string, Tensor>>;
