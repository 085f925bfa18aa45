/**
 * MobileNetV3 (Howard et al. 2019, arXiv 1905.02244, tables 1 and 2) as ssl-small lays it out: gates made of linear
 * layers, and a `classifier` before `fc` whose output are the features.
 *
 * The small stem lets the first convolution keep the resolution of the images (stride 1), so that every map has twice
 * the width and height: 2 x 2 at the end of 32 px. Nothing else changes.
 */
import { hardSigmoid, hardSwish } from '../kernels/activations.ts';
import { relu } from '../kernels/dense.ts';
import { globalAveragePool } from '../kernels/pooling.ts';
import { type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import { buildHead } from './heads.ts';
import {
  batchNormLayer,
  convolutionLayer,
  dropoutLayer,
  fanOutNormal,
  imageConvolutionLayer,
  type Layer,
  type LinearInitial,
  linearLayer,
  type Pass,
  plainLayer,
  sequence,
} from './layers.ts';
import { depthwiseLayer, multipleOf8, squeezeExcitationLayer } from './mobile-layers.ts';
import type { BackboneOptions, Model } from './model.ts';

interface BlockShape {
  kernel: number;
  /** Channels of the depthwise convolution. */
  hidden: number;
  outputs: number;
  /** Squeeze-and-excitation. */
  gated: boolean;
  activation: 'relu' | 'hard-swish';
  stride: 1 | 2;
}

interface MobileNetShape {
  blocks: readonly BlockShape[];
  /** Length of the features. */
  features: number;
}

/** How the family's linear layers start. */
const linearInitial: LinearInitial = {
  weight: { distribution: 'normal', standardDeviation: 0.01 },
  bias: { distribution: 'constant', value: 0 },
};

/** A bottleneck, [n, h, w, inputs] -> [n, h / stride, w / stride, outputs], with the way around where the shape stays. */
function blockLayer(name: string, inputs: number, shape: BlockShape): Layer<Tensor4D> {
  const { kernel, hidden, outputs, gated, stride } = shape;
  const activation = () => plainLayer<Tensor4D>(shape.activation === 'relu' ? relu : hardSwish);
  const gate = (name: string) => (gated ? gateLayer(`${name}.fc`, hidden) : plainLayer<Tensor4D>((x) => x));
  const pointwise = (inputs: number, outputs: number) => [
    (name: string) => convolutionLayer(name, inputs, outputs, { kernel: 1, stride: 1, padding: 0 }),
    (name: string) => batchNormLayer(name, outputs),
  ];
  const around = (kernel - 1) / 2;
  const depthwise = [
    (name: string) =>
      depthwiseLayer(name, hidden, {
        kernel,
        stride,
        padding: { before: around, after: around },
        initial: fanOutNormal(hidden, kernel),
      }),
    (name: string) => batchNormLayer(name, hidden),
  ];
  // Where nothing is widened first, the gate comes after the activation, else before it.
  const layers =
    inputs === hidden
      ? [...depthwise, activation, gate, ...pointwise(hidden, outputs)]
      : [...pointwise(inputs, hidden), activation, ...depthwise, gate, activation, ...pointwise(hidden, outputs)];
  const { tensors, apply } = sequence(`${name}.conv`, layers);
  if (stride === 2 || inputs !== outputs) return { tensors, apply };
  return { tensors, apply: (pass, x) => tf.add(x, apply(pass, x)) };
}

function gateLayer(name: string, channels: number): Layer<Tensor4D> {
  const squeezed = multipleOf8(channels / 4);
  return squeezeExcitationLayer(
    sequence<Tensor2D>(name, [
      (name) => linearLayer(name, channels, squeezed, linearInitial),
      () => plainLayer(relu),
      (name) => linearLayer(name, squeezed, channels, linearInitial),
      () => plainLayer(hardSigmoid),
    ]),
  );
}

const stemWidth = 16;

function buildMobileNet({ blocks, features }: MobileNetShape, { head, outputSize, stem }: BackboneOptions): Model {
  const first = sequence<Tensor4D>('features.0', [
    (name) => imageConvolutionLayer(name, 3, stemWidth, { kernel: 3, stride: stem === 'small' ? 1 : 2, padding: 1 }),
    (name) => batchNormLayer(name, stemWidth),
    () => plainLayer(hardSwish),
  ]);
  const inputsOf = (index: number) => blocks[index - 1]?.outputs ?? stemWidth;
  const body = blocks.map((shape, index) => blockLayer(`features.${index + 1}`, inputsOf(index), shape));
  const { hidden } = blocks.at(-1)!;
  const last = sequence<Tensor4D>('conv', [
    (name) => convolutionLayer(name, inputsOf(blocks.length), hidden, { kernel: 1, stride: 1, padding: 0 }),
    (name) => batchNormLayer(name, hidden),
    () => plainLayer(hardSwish),
  ]);
  const classifier = sequence<Tensor2D>('classifier', [
    (name) => linearLayer(name, hidden, features, linearInitial),
    () => plainLayer(hardSwish),
    () => dropoutLayer(0.2),
  ]);
  const fc = buildHead(head, features, outputSize, linearInitial);
  const stages = [first, ...body, last];

  return {
    tensors: [...stages, classifier, fc].flatMap((layer) => layer.tensors),
    featureSize: features,
    outputSize,
    forward(parameters, buffers, images, options) {
      const pass: Pass = { ...options, parameters, buffers, newBuffers: {} };
      let x = images;
      for (const stage of stages) {
        const before = x;
        x = tf.tidy(() => stage.apply(pass, before));
      }
      const embedded = classifier.apply(pass, globalAveragePool(x)); // [n, features]
      return { features: embedded, output: fc.apply(pass, embedded), buffers: pass.newBuffers };
    },
  };
}

const block = (
  kernel: number,
  hidden: number,
  outputs: number,
  gated: boolean,
  activation: BlockShape['activation'],
  stride: 1 | 2,
): BlockShape => ({ kernel, hidden, outputs, gated, activation, stride });

const small: MobileNetShape = {
  features: 1024,
  blocks: [
    block(3, 16, 16, true, 'relu', 2),
    block(3, 72, 24, false, 'relu', 2),
    block(3, 88, 24, false, 'relu', 1),
    block(5, 96, 40, true, 'hard-swish', 2),
    block(5, 240, 40, true, 'hard-swish', 1),
    block(5, 240, 40, true, 'hard-swish', 1),
    block(5, 120, 48, true, 'hard-swish', 1),
    block(5, 144, 48, true, 'hard-swish', 1),
    block(5, 288, 96, true, 'hard-swish', 2),
    block(5, 576, 96, true, 'hard-swish', 1),
    block(5, 576, 96, true, 'hard-swish', 1),
  ],
};

const large: MobileNetShape = {
  features: 1280,
  blocks: [
    block(3, 16, 16, false, 'relu', 1),
    block(3, 64, 24, false, 'relu', 2),
    block(3, 72, 24, false, 'relu', 1),
    block(5, 72, 40, true, 'relu', 2),
    block(5, 120, 40, true, 'relu', 1),
    block(5, 120, 40, true, 'relu', 1),
    block(3, 240, 80, false, 'hard-swish', 2),
    block(3, 200, 80, false, 'hard-swish', 1),
    block(3, 184, 80, false, 'hard-swish', 1),
    block(3, 184, 80, false, 'hard-swish', 1),
    block(3, 480, 112, true, 'hard-swish', 1),
    block(3, 672, 112, true, 'hard-swish', 1),
    block(5, 672, 160, true, 'hard-swish', 2),
    block(5, 960, 160, true, 'hard-swish', 1),
    block(5, 960, 160, true, 'hard-swish', 1),
  ],
};

/** 1.5 million parameters without `fc`, features of 1024. */
export const mobilenetV3Small = (options: BackboneOptions) => buildMobileNet(small, options);

/** 4.2 million parameters without `fc`, features of 1280. */
export const mobilenetV3Large = (options: BackboneOptions) => buildMobileNet(large, options);
