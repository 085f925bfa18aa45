/**
 * Named arrays in PyTorch's layout against tensors in TensorFlow's: convolutions [out, in, k, k] and [k, k, in, out],
 * linear layers [out, in] and [in, out], everything else the same in both.
 */
import { AppError } from '../../common/errors.ts';
import { type Tensor, tf } from '../tf.ts';

/** A tensor outside of the engine: row-major, in PyTorch's layout. */
export interface NamedArray {
  name: string;
  shape: readonly number[];
  /** Whole numbers (counters, the queue's pointer) are int64 in PyTorch. */
  data: Float32Array | BigInt64Array;
}

/** Dimensions of PyTorch in the order of TensorFlow's, by rank, and the way back. */
const toTensorflow: Record<number, number[]> = { 2: [1, 0], 4: [2, 3, 1, 0] };
const toPytorch: Record<number, number[]> = { 2: [1, 0], 4: [3, 2, 0, 1] };

/** A new tensor in TensorFlow's layout, from values in PyTorch's; the array stays the caller's. */
export function fromPytorchLayout({ name, shape, data }: NamedArray): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  if (data.length !== size) {
    throw new AppError('checkpoint-invalid', `${name} has ${data.length} values for the shape [${shape.join(', ')}]`);
  }
  if (data instanceof BigInt64Array) return tf.tensor(Int32Array.from(data, Number), [...shape], 'int32');
  const order = toTensorflow[shape.length];
  // A copy: the native backend computes on the array's own memory, in place where it can.
  if (order === undefined) return tf.tensor(data.slice(), [...shape], 'float32');
  return tf.tidy(() => tf.transpose(tf.tensor(data, [...shape], 'float32'), order));
}

/** The values of a tensor in PyTorch's layout: a copy. */
export function toPytorchLayout(name: string, tensor: Tensor): NamedArray {
  const order = toPytorch[tensor.rank];
  const ordered = order === undefined ? tensor : tf.transpose(tensor, order);
  const values = ordered.dataSync();
  if (ordered !== tensor) ordered.dispose();
  const data = tensor.dtype === 'int32' ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
  return { name, shape: order === undefined ? tensor.shape : order.map((axis) => tensor.shape[axis]!), data };
}
