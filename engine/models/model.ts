/** What a backbone is to the rest of the engine: a list of named tensors and a pure function of them. */
import type { Random } from '../random.ts';
import type { Tensor2D, Tensor4D, Tensors } from '../tf.ts';
import type { Head } from './heads.ts';

export interface BackboneOptions {
  head: Head;
  /** Length of the embedding. */
  outputSize: number;
  /** `imagenet`: the published one. `small`: 3x3 stride 1 and no pooling, for images of 32 to 96 px. */
  stem: 'imagenet' | 'small';
}

/** Of a net whose head is a part of it: somebody else's, to learn from. */
export type TeacherOptions = Pick<BackboneOptions, 'outputSize'>;
export type TeacherBuilder = (options: TeacherOptions) => Model;

export interface TensorSpec {
  /** PyTorch's state_dict name, e.g. `layer1.0.bn1.running_mean`. */
  name: string;
  /** Parameters are learnt; buffers (running statistics, counters) follow the data. */
  kind: 'parameter' | 'buffer';
  /** Parameters that stay as they started (PyTorch's `requires_grad = False`): no gradient, no decay, no momentum. */
  frozen?: true;
  /** In PyTorch's layout: convolutions [out, in, k, k], linear layers [out, in]. */
  shape: readonly number[];
  initial: Initialiser;
}

/** How a tensor starts: PyTorch's defaults for each kind of layer. */
export type Initialiser =
  | { distribution: 'constant'; value: number }
  | { distribution: 'normal'; standardDeviation: number }
  | { distribution: 'uniform'; bound: number }
  /** A whole number that counts, stored as int64 by PyTorch. */
  | { distribution: 'counter' };

export interface ForwardOptions {
  /** Batch norm by the batch's statistics and dropout, against running statistics and none. */
  training: boolean;
  /** Groups of the batch with statistics of their own (1). */
  bnSplits?: number;
  /** Whether gradients are wanted for the images too (false). */
  imageGradient?: boolean;
  /** Draws of the dropout layers, or none of them; needed in training by nets and heads that have some. */
  dropout?: Random | 'off';
}

export interface ForwardResult {
  /** [n, featureSize]: the input of `fc`, which every evaluation uses. */
  features: Tensor2D;
  /** [n, outputSize], not normalised. */
  output: Tensor2D;
  /** All buffers after this batch if training (new, kept tensors, the caller's to dispose), else none. */
  buffers: Tensors;
}

export interface Model {
  /** In the order of PyTorch's state_dict. */
  readonly tensors: readonly TensorSpec[];
  readonly featureSize: number;
  readonly outputSize: number;
  /** images [n, h, w, 3], normalised by mean and deviation. Pure; run it inside a tidy. */
  forward(parameters: Tensors, buffers: Tensors, images: Tensor4D, options: ForwardOptions): ForwardResult;
}

/** The specs of one kind. */
export function specsOf(model: Model, kind: TensorSpec['kind']): TensorSpec[] {
  return model.tensors.filter((spec) => spec.kind === kind);
}

/** The parameters that an optimizer moves. */
export function trainedSpecs(model: Model): TensorSpec[] {
  return specsOf(model, 'parameter').filter((spec) => !spec.frozen);
}
