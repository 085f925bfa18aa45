/** The largest entries of each row. */
import { type Tensor2D, tf } from '../tf.ts';
import { attribute, float32, isNative, run } from './native.ts';

/** values and indices [n, k] (int32), largest first; of equal entries the first counts as larger. */
export function topK(x: Tensor2D, k: number): { values: Tensor2D; indices: Tensor2D } {
  if (!isNative()) return tf.topk(x, k);
  const [values, indices] = run('TopKV2', [float32, attribute.bool('sorted', true)], [x, tf.scalar(k, 'int32')], 2);
  return { values: values as Tensor2D, indices: indices as Tensor2D };
}
