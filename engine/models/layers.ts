/** Layers: each declares its tensors under PyTorch's names and applies itself to an input. */
import { batchNormEvaluation, batchNormSplit } from '../kernels/batch-norm.ts';
import { type ConvolutionOptions, convolution } from '../kernels/convolution.ts';
import { linear } from '../kernels/dense.ts';
import { dropout } from '../kernels/dropout.ts';
import { layerNorm } from '../kernels/layer-norm.ts';
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import type { ForwardOptions, Initialiser, TensorSpec } from './model.ts';

/** One forward pass: where layers find their tensors and leave their new buffers. */
export interface Pass extends ForwardOptions {
  parameters: Readonly<Record<string, Tensor>>;
  buffers: Readonly<Record<string, Tensor>>;
  newBuffers: Record<string, Tensor>;
}

export interface Layer<Input extends Tensor, Output extends Tensor = Input> {
  tensors: TensorSpec[];
  apply(pass: Pass, x: Input): Output;
}

export interface ConvolutionShape {
  kernel: number;
  stride: number;
  padding: number;
  /** Channels are divided into this many parts that do not see each other (1). */
  groups?: number;
  initial?: Initialiser;
}

/** A convolution without bias, initialised as torchvision's ResNets are unless told otherwise. */
export function convolutionLayer(
  name: string,
  inputs: number,
  outputs: number,
  { kernel, groups = 1, initial, ...options }: ConvolutionShape,
): Layer<Tensor4D> {
  const weight: TensorSpec = {
    name: `${name}.weight`,
    kind: 'parameter',
    shape: [outputs, inputs / groups, kernel, kernel],
    initial: initial ?? fanOutNormal(outputs, kernel),
  };
  return {
    tensors: [weight],
    apply: (pass, x) => convolution(x, pass.parameters[weight.name] as Tensor4D, options),
  };
}

/** He et al. 2015: the variance of the gradients stays the same from layer to layer. */
export function fanOutNormal(outputs: number, kernel: number): Initialiser {
  return { distribution: 'normal', standardDeviation: Math.sqrt(2 / (outputs * kernel * kernel)) };
}

/** How torch.nn.Linear and torch.nn.Conv2d start, weight and bias. */
export function fanInUniform(fanIn: number): Initialiser {
  return { distribution: 'uniform', bound: 1 / Math.sqrt(fanIn) };
}

/** The first layer: a convolution of the images, whose gradient is computed only if the pass asks for it. */
export function imageConvolutionLayer(...layer: Parameters<typeof convolutionLayer>): Layer<Tensor4D> {
  const [, , , { stride, padding }] = layer;
  const { tensors } = convolutionLayer(...layer);
  const weight = tensors[0]!.name;
  return {
    tensors,
    apply(pass, images) {
      const options: ConvolutionOptions = { stride, padding, inputGradient: pass.imageGradient ?? false };
      return convolution(images, pass.parameters[weight] as Tensor4D, options);
    },
  };
}

/** PyTorch's defaults; other families state their own. */
const batchNormDefaults = { epsilon: 1e-5, momentum: 0.1 };

export function batchNormLayer(name: string, channels: number, options = batchNormDefaults): Layer<Tensor4D> {
  const spec = (part: string, kind: TensorSpec['kind'], value: number): TensorSpec => ({
    name: `${name}.${part}`,
    kind,
    shape: [channels],
    initial: { distribution: 'constant', value },
  });
  const counter: TensorSpec = {
    name: `${name}.num_batches_tracked`,
    kind: 'buffer',
    shape: [],
    initial: { distribution: 'counter' },
  };
  return {
    tensors: [
      spec('weight', 'parameter', 1),
      spec('bias', 'parameter', 0),
      spec('running_mean', 'buffer', 0),
      spec('running_var', 'buffer', 1),
      counter,
    ],
    apply(pass, x) {
      const tensors = {
        weight: pass.parameters[`${name}.weight`] as Tensor1D,
        bias: pass.parameters[`${name}.bias`] as Tensor1D,
        runningMean: pass.buffers[`${name}.running_mean`] as Tensor1D,
        runningVariance: pass.buffers[`${name}.running_var`] as Tensor1D,
      };
      if (!pass.training) return batchNormEvaluation(x, tensors, options);
      const result = batchNormSplit(x, tensors, options, pass.bnSplits ?? 1);
      pass.newBuffers[`${name}.running_mean`] = result.runningMean;
      pass.newBuffers[`${name}.running_var`] = result.runningVariance;
      pass.newBuffers[counter.name] = tf.keep(tf.add(pass.buffers[counter.name]!, tf.scalar(1, 'int32')));
      return result.y;
    },
  };
}

export interface LinearInitial {
  weight: Initialiser;
  bias: Initialiser;
}

/** With bias; it starts as torch.nn.Linear does unless told otherwise. */
export function linearLayer(
  name: string,
  inputs: number,
  outputs: number,
  initial: LinearInitial = { weight: fanInUniform(inputs), bias: fanInUniform(inputs) },
): Layer<Tensor2D> {
  return {
    tensors: [
      { name: `${name}.weight`, kind: 'parameter', shape: [outputs, inputs], initial: initial.weight },
      { name: `${name}.bias`, kind: 'parameter', shape: [outputs], initial: initial.bias },
    ],
    apply: (pass, x) =>
      linear(x, pass.parameters[`${name}.weight`] as Tensor2D, pass.parameters[`${name}.bias`] as Tensor1D),
  };
}

/** Over the last dimension of [rows, width]; scale 1 and offset 0 at first, as torch.nn.LayerNorm starts. */
export function layerNormLayer(name: string, width: number): Layer<Tensor2D> {
  const spec = (part: string, value: number): TensorSpec => ({
    name: `${name}.${part}`,
    kind: 'parameter',
    shape: [width],
    initial: { distribution: 'constant', value },
  });
  return {
    tensors: [spec('weight', 1), spec('bias', 0)],
    apply: (pass, x) =>
      layerNorm(x, {
        weight: pass.parameters[`${name}.weight`] as Tensor1D,
        bias: pass.parameters[`${name}.bias`] as Tensor1D,
      }),
  };
}

/** Sets each entry to 0 with the given probability and scales the others up to keep the mean; in training only. */
export function dropoutLayer<Shaped extends Tensor = Tensor2D>(probability: number): Layer<Shaped> {
  return {
    tensors: [],
    apply(pass, x) {
      if (!pass.training || pass.dropout === 'off') return x;
      if (pass.dropout === undefined) throw new Error('a net with dropout needs random draws in training');
      return dropout(x, probability, pass.dropout);
    },
  };
}

/** A layer without tensors. */
export function plainLayer<Shaped extends Tensor>(apply: (x: Shaped) => Shaped): Layer<Shaped> {
  return { tensors: [], apply: (_pass, x) => apply(x) };
}

/** One layer after the other, as torch.nn.Sequential: layer 2 of `features` is built with the name `features.2`. */
export function sequence<Shaped extends Tensor>(
  name: string,
  layers: ((name: string) => Layer<Shaped>)[],
): Layer<Shaped> {
  const built = layers.map((build, index) => build(`${name}.${index}`));
  return {
    tensors: built.flatMap((layer) => layer.tensors),
    apply: (pass, x) => built.reduce((x, layer) => layer.apply(pass, x), x),
  };
}
