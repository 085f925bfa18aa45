/** What the nets for small devices share: MobileNetV3 and EfficientNet. */
import { type DepthwiseOptions, depthwiseConvolution } from '../kernels/depthwise.ts';
import { globalAveragePool } from '../kernels/pooling.ts';
import { type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import type { Layer, Pass } from './layers.ts';
import type { Initialiser, TensorSpec } from './model.ts';

/** One filter for each channel: [channels, 1, k, k] in PyTorch's layout. Without bias. */
export function depthwiseLayer(
  name: string,
  channels: number,
  { kernel, initial, ...options }: DepthwiseOptions & { kernel: number; initial: Initialiser },
): Layer<Tensor4D> {
  const weight: TensorSpec = {
    name: `${name}.weight`,
    kind: 'parameter',
    shape: [channels, 1, kernel, kernel],
    initial,
  };
  return {
    tensors: [weight],
    apply: (pass, x) => depthwiseConvolution(x, pass.parameters[weight.name] as Tensor4D, options),
  };
}

/**
 * Squeeze-and-excitation (Hu et al. 2018, arXiv 1709.01507): each channel of [n, h, w, c] times a gate between 0 and 1,
 * computed from the means of all channels over the image. `gates` are its layers, [n, c] -> [n, c].
 */
export function squeezeExcitationLayer(gates: Layer<Tensor2D>): Layer<Tensor4D> {
  return {
    tensors: gates.tensors,
    apply(pass, x) {
      const [batch, , , channels] = x.shape;
      const gate = gates.apply(pass, globalAveragePool(x));
      return tf.mul(x, tf.reshape(gate, [batch, 1, 1, channels]));
    },
  };
}

/**
 * Stochastic depth (Huang et al. 2016, arXiv 1603.09382; EfficientNet calls it drop connect): in training a whole
 * image's [h, w, c] becomes 0 with the given probability, the others are scaled up to keep the mean.
 */
export function dropPath(pass: Pass, x: Tensor4D, probability: number): Tensor4D {
  if (!pass.training || pass.dropout === 'off' || probability === 0) return x;
  const { dropout } = pass;
  if (dropout === undefined) throw new Error('a net with dropout needs random draws in training');
  const [batch] = x.shape;
  const kept = Float32Array.from({ length: batch }, () => (dropout.chance(probability) ? 0 : 1 / (1 - probability)));
  return tf.mul(x, tf.tensor4d(kept, [batch, 1, 1, 1]));
}

/** A width of channels near the wanted one: a multiple of 8, not smaller by more than a tenth. */
export function multipleOf8(wanted: number): number {
  const near = Math.max(8, Math.floor((wanted + 4) / 8) * 8);
  return near < 0.9 * wanted ? near + 8 : near;
}
