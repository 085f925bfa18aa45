/**
 * EfficientNet (Tan and Le 2019, arXiv 1905.11946, table 1) as ssl-small lays it out, after efficientnet_pytorch.
 *
 * Its "same" padding is fixed when the net is built, for the nominal size of the images (224, 240, 260, 300 px), and stays
 * as it is for images of other sizes. Where a map has an even size there, a convolution of stride 2 pads one zero less on
 * the near side. (TensorFlow looks at the map's real size, as do timm's `tf_` nets; timm's own pad both sides alike.)
 *
 * The small stem lets the first convolution keep the resolution of the images (stride 1, a zero on each side), so that
 * every map has twice the width and height: 2 x 2 at the end of 32 px. Nothing else changes.
 */
import { sigmoid, swish } from '../kernels/activations.ts';
import { linear } from '../kernels/dense.ts';
import type { Padding } from '../kernels/depthwise.ts';
import { globalAveragePool } from '../kernels/pooling.ts';
import { type Tensor1D, type Tensor2D, type Tensor4D, tf } from '../tf.ts';
import { buildHead } from './heads.ts';
import {
  batchNormLayer,
  convolutionLayer,
  dropoutLayer,
  fanInUniform,
  imageConvolutionLayer,
  type Layer,
  type Pass,
} from './layers.ts';
import { depthwiseLayer, dropPath, multipleOf8, squeezeExcitationLayer } from './mobile-layers.ts';
import type { BackboneOptions, Model, TensorSpec } from './model.ts';

interface BlockShape {
  kernel: number;
  stride: 1 | 2;
  padding: Padding;
  inputs: number;
  outputs: number;
  /** Times as many channels in the depthwise convolution. */
  expansion: number;
  /** Chance that an image skips the block in training. */
  dropPath: number;
}

interface Scale {
  width: number;
  depth: number;
  /** Width and height of the images that it is made for, in px. */
  imageSize: number;
  /** Of the features before `fc`. */
  dropout: number;
}

const normalise = (name: string, channels: number) => batchNormLayer(name, channels, { epsilon: 1e-3, momentum: 0.01 });

const pointwise = (name: string, inputs: number, outputs: number) =>
  convolutionLayer(name, inputs, outputs, { kernel: 1, stride: 1, padding: 0, initial: fanInUniform(inputs) });

/** The zeros that keep a map of this size at size / stride, the odd one at the far side. */
function samePadding(size: number, kernel: number, stride: number): Padding {
  const all = (Math.ceil(size / stride) - 1) * stride + kernel - size;
  const before = Math.floor(all / 2);
  return { before, after: all - before };
}

/** A bottleneck, [n, h, w, inputs] -> [n, h / stride, w / stride, outputs], with the way around where the shape stays. */
function blockLayer(name: string, { kernel, stride, padding, inputs, outputs, ...shape }: BlockShape): Layer<Tensor4D> {
  const hidden = inputs * shape.expansion;
  const expand =
    shape.expansion === 1
      ? undefined
      : { conv: pointwise(`${name}._expand_conv`, inputs, hidden), bn: normalise(`${name}._bn0`, hidden) };
  const depthwise = depthwiseLayer(`${name}._depthwise_conv`, hidden, {
    kernel,
    stride,
    padding,
    initial: fanInUniform(kernel * kernel),
  });
  const bn1 = normalise(`${name}._bn1`, hidden);
  const gate = gateLayer(name, hidden, Math.max(1, Math.floor(inputs / 4)));
  const project = pointwise(`${name}._project_conv`, hidden, outputs);
  const bn2 = normalise(`${name}._bn2`, outputs);
  const wide = expand === undefined ? [] : [expand.conv, expand.bn];
  return {
    tensors: [...wide, depthwise, bn1, gate, project, bn2].flatMap((layer) => layer.tensors),
    apply(pass, input) {
      const x = expand === undefined ? input : swish(expand.bn.apply(pass, expand.conv.apply(pass, input)));
      const filtered = gate.apply(pass, swish(bn1.apply(pass, depthwise.apply(pass, x))));
      const output = bn2.apply(pass, project.apply(pass, filtered));
      if (stride === 2 || inputs !== outputs) return output;
      return tf.add(dropPath(pass, output, shape.dropPath), input);
    },
  };
}

/** The narrow width follows the block's inputs, not the channels that are gated. */
function gateLayer(block: string, channels: number, squeezed: number): Layer<Tensor4D> {
  const reduce = pixelLayer(`${block}._se_reduce`, channels, squeezed);
  const expand = pixelLayer(`${block}._se_expand`, squeezed, channels);
  return squeezeExcitationLayer({
    tensors: [...reduce.tensors, ...expand.tensors],
    apply: (pass, x) => sigmoid(expand.apply(pass, swish(reduce.apply(pass, x)))),
  });
}

/** A 1x1 convolution of a single pixel, with bias. */
function pixelLayer(name: string, inputs: number, outputs: number): Layer<Tensor2D> {
  const spec = (part: string, shape: number[]): TensorSpec => ({
    name: `${name}.${part}`,
    kind: 'parameter',
    shape,
    initial: fanInUniform(inputs),
  });
  const [weight, bias] = [spec('weight', [outputs, inputs, 1, 1]), spec('bias', [outputs])];
  return {
    tensors: [weight, bias],
    apply: (pass, x) =>
      linear(x, tf.reshape(pass.parameters[weight.name]!, [inputs, outputs]), pass.parameters[bias.name] as Tensor1D),
  };
}

/** Of B0: blocks of each stage, all but the first at stride 1. */
const stages = [
  { repeats: 1, kernel: 3, stride: 1, outputs: 16, expansion: 1 },
  { repeats: 2, kernel: 3, stride: 2, outputs: 24, expansion: 6 },
  { repeats: 2, kernel: 5, stride: 2, outputs: 40, expansion: 6 },
  { repeats: 3, kernel: 3, stride: 2, outputs: 80, expansion: 6 },
  { repeats: 3, kernel: 5, stride: 1, outputs: 112, expansion: 6 },
  { repeats: 4, kernel: 5, stride: 2, outputs: 192, expansion: 6 },
  { repeats: 1, kernel: 3, stride: 1, outputs: 320, expansion: 6 },
] as const;

function blockShapes({ width, depth, imageSize }: Scale): BlockShape[] {
  const shapes: Omit<BlockShape, 'dropPath'>[] = [];
  let inputs = multipleOf8(32 * width);
  let size = imageSize / 2; // of the maps
  for (const { repeats, kernel, outputs: base, expansion, ...stage } of stages) {
    const outputs = multipleOf8(base * width);
    for (let repeat = 0; repeat < Math.ceil(repeats * depth); repeat++) {
      const stride = repeat === 0 ? stage.stride : 1;
      shapes.push({ kernel, stride, padding: samePadding(size, kernel, stride), inputs, outputs, expansion });
      inputs = outputs;
      size = Math.ceil(size / stride);
    }
  }
  return shapes.map((shape, index) => ({ ...shape, dropPath: (0.2 * index) / shapes.length }));
}

function buildEfficientNet(scale: Scale, { head, outputSize, stem }: BackboneOptions): Model {
  const stemWidth = multipleOf8(32 * scale.width);
  const stride = stem === 'small' ? 1 : 2;
  const conv = imageConvolutionLayer('_conv_stem', 3, stemWidth, {
    kernel: 3,
    stride,
    padding: 0,
    initial: fanInUniform(3 * 9),
  });
  const { before, after } = samePadding(scale.imageSize, 3, stride);
  const bn0 = normalise('_bn0', stemWidth);
  const shapes = blockShapes(scale);
  const blocks = shapes.map((shape, index) => blockLayer(`_blocks.${index}`, shape));
  const features = multipleOf8(1280 * scale.width);
  const convHead = pointwise('_conv_head', shapes.at(-1)!.outputs, features);
  const bn1 = normalise('_bn1', features);
  const dropout = dropoutLayer(scale.dropout);
  const fc = buildHead(head, features, outputSize);

  return {
    tensors: [conv, bn0, ...blocks, convHead, bn1, fc].flatMap((layer) => layer.tensors),
    featureSize: features,
    outputSize,
    forward(parameters, buffers, images, options) {
      const pass: Pass = { ...options, parameters, buffers, newBuffers: {} };
      let x = tf.tidy(() => {
        const padded = tf.pad4d(images, [
          [0, 0],
          [before, after],
          [before, after],
          [0, 0],
        ]);
        return swish(bn0.apply(pass, conv.apply(pass, padded)));
      });
      for (const block of blocks) {
        const before = x;
        x = tf.tidy(() => block.apply(pass, before));
      }
      const pooled = tf.tidy(() => globalAveragePool(swish(bn1.apply(pass, convHead.apply(pass, x))))); // [n, features]
      const output = fc.apply(pass, dropout.apply(pass, pooled)); // [n, outputSize]
      return { features: pooled, output, buffers: pass.newBuffers };
    },
  };
}

/** 4.0 million parameters without `fc`, features of 1280. */
export const efficientnetB0 = (options: BackboneOptions) =>
  buildEfficientNet({ width: 1, depth: 1, imageSize: 224, dropout: 0.2 }, options);

/** 6.5 million parameters without `fc`, features of 1280. */
export const efficientnetB1 = (options: BackboneOptions) =>
  buildEfficientNet({ width: 1, depth: 1.1, imageSize: 240, dropout: 0.2 }, options);

/** 7.7 million parameters without `fc`, features of 1408. */
export const efficientnetB2 = (options: BackboneOptions) =>
  buildEfficientNet({ width: 1.1, depth: 1.2, imageSize: 260, dropout: 0.3 }, options);

/** 10.7 million parameters without `fc`, features of 1536. */
export const efficientnetB3 = (options: BackboneOptions) =>
  buildEfficientNet({ width: 1.2, depth: 1.4, imageSize: 300, dropout: 0.3 }, options);
