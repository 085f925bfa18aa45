/** Stochastic gradient descent as torch.optim.SGD computes it, with state that has names. */
import { applyMomentum, type MomentumOptions } from '../kernels/in-place.ts';
import { type Tensor, type Tensors, tf } from '../tf.ts';

/**
 * One update: decay is added to the gradient of every parameter, buffer = momentum * buffer + gradient, parameter -=
 * rate * buffer; without a buffer yet (the first step) buffer = gradient. Parameters without a gradient (frozen ones)
 * stay as they are and have no buffer.
 *
 * Takes over `parameters` and `buffers` (their tensors are gone afterwards) and returns kept ones under the same names.
 */
export function updateSgd(
  parameters: Tensors,
  buffers: Tensors,
  gradients: Tensors,
  options: MomentumOptions,
): { parameters: Tensors; buffers: Tensors } {
  const names = Object.keys(parameters).filter((name) => gradients[name] !== undefined);
  const owned = {
    parameters: names.map((name) => parameters[name]!),
    buffers: names.map((name) => buffers[name] ?? tf.keep(tf.zerosLike(parameters[name]!))),
  };
  const updated = applyMomentum(
    owned,
    names.map((name) => gradients[name]!),
    options,
  );
  const named = (tensors: Tensor[]) => Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
  return { parameters: { ...parameters, ...named(updated.parameters) }, buffers: named(updated.buffers) };
}
