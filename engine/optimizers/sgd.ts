/** Stochastic gradient descent as torch.optim.SGD computes it, with state that has names. */
import { applyMomentum, type MomentumOptions } from '../kernels/in-place.ts';
import { type Tensors, tf } from '../tf.ts';

/**
 * One update: decay is added to the gradient of every parameter, buffer = momentum * buffer + gradient, parameter -=
 * rate * buffer; without a buffer yet (the first step) buffer = gradient.
 *
 * Takes over `parameters` and `buffers` (their tensors are gone afterwards) and returns kept ones under the same names.
 */
export function updateSgd(
  parameters: Tensors,
  buffers: Tensors,
  gradients: Tensors,
  options: MomentumOptions,
): { parameters: Tensors; buffers: Tensors } {
  const newParameters: Record<string, tf.Tensor> = {};
  const newBuffers: Record<string, tf.Tensor> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const buffer = buffers[name] ?? tf.keep(tf.zerosLike(parameter));
    const updated = applyMomentum({ parameter, buffer }, gradients[name]!, options);
    newParameters[name] = updated.parameter;
    newBuffers[name] = updated.buffer;
  }
  return { parameters: newParameters, buffers: newBuffers };
}
