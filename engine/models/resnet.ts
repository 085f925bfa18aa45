/** The ResNet family (He et al. 2016, arXiv 1512.03385) as torchvision lays it out, with its wide and grouped kin. */
import { relu } from '../kernels/dense.ts';
import { globalAveragePool, maxPool } from '../kernels/pooling.ts';
import { type Tensor2D, tf } from '../tf.ts';
import { buildHead } from './heads.ts';
import { batchNormLayer, imageConvolutionLayer, type Layer, type Pass } from './layers.ts';
import type { BackboneOptions, Model } from './model.ts';
import { type BlockKind, basicBlock, bottleneck } from './resnet-blocks.ts';

interface ResNetShape {
  block: BlockKind;
  /** Blocks in each of the four stages. */
  depths: readonly [number, number, number, number];
  /** Times the width of every layer, the first one included (1). */
  widening?: number;
}

interface ResNetOptions {
  stem: BackboneOptions['stem'];
  outputSize: number;
  /** Stands before the names of all tensors. */
  prefix?: string;
  /** Builds what comes after the features, [n, features] -> [n, outputSize]. */
  buildHead(features: number): Layer<Tensor2D>;
}

const stageWidths = [64, 128, 256, 512] as const;

export function buildResNet(shape: ResNetShape, { stem, outputSize, prefix = '', ...options }: ResNetOptions): Model {
  const { block, depths, widening = 1 } = shape;
  const small = stem === 'small';
  let channels = 64 * widening;
  const conv1 = imageConvolutionLayer(`${prefix}conv1`, 3, channels, {
    ...(small ? { kernel: 3, stride: 1, padding: 1 } : { kernel: 7, stride: 2, padding: 3 }),
  });
  const bn1 = batchNormLayer(`${prefix}bn1`, channels);
  const blocks = stageWidths.flatMap((stageWidth, stage) =>
    Array.from({ length: depths[stage]! }, (_, index) => {
      const width = stageWidth * widening;
      const stride = index === 0 && stage > 0 ? 2 : 1;
      const built = block.build(`${prefix}layer${stage + 1}.${index}`, { inputs: channels, width, stride });
      channels = width * block.expansion;
      return built;
    }),
  );
  const head = options.buildHead(channels);

  return {
    tensors: [conv1, bn1, ...blocks, head].flatMap((layer) => layer.tensors),
    featureSize: channels,
    outputSize,
    forward(parameters, buffers, images, options) {
      const pass: Pass = { ...options, parameters, buffers, newBuffers: {} };
      // A tidy for each part: without a gradient to compute, memory is reused while it is still in the cache.
      let x = tf.tidy(() => {
        const x = relu(bn1.apply(pass, conv1.apply(pass, images))); // [n, h/2, w/2, 64]
        return small ? x : maxPool(x, { kernel: 3, stride: 2, padding: 1 }); // [n, h/4, w/4, 64]
      });
      for (const layer of blocks) {
        const before = x;
        x = tf.tidy(() => layer.apply(pass, before));
      }
      const features = globalAveragePool(x); // [n, channels]
      const output = head.apply(pass, features); // [n, outputSize]
      return { features, output, buffers: pass.newBuffers };
    },
  };
}

/** What `resnet50` is made of; others build upon it. */
export const resnet50Shape: ResNetShape = { block: bottleneck(), depths: [3, 4, 6, 3] };

const builder =
  (shape: ResNetShape) =>
  ({ head, ...options }: BackboneOptions): Model =>
    buildResNet(shape, { ...options, buildHead: (features) => buildHead(head, features, options.outputSize) });

/** By torchvision's names: 11 to 125 million parameters, features of 512 (18 and 34 layers) or 2048. */
export const resnets = {
  resnet18: builder({ block: basicBlock, depths: [2, 2, 2, 2] }),
  resnet34: builder({ block: basicBlock, depths: [3, 4, 6, 3] }),
  resnet50: builder(resnet50Shape),
  resnet101: builder({ block: bottleneck(), depths: [3, 4, 23, 3] }),
  resnet152: builder({ block: bottleneck(), depths: [3, 8, 36, 3] }),
  resnext50_32x4d: builder({ block: bottleneck({ groups: 32, widthPerGroup: 4 }), depths: [3, 4, 6, 3] }),
  resnext101_32x8d: builder({ block: bottleneck({ groups: 32, widthPerGroup: 8 }), depths: [3, 4, 23, 3] }),
  resnext152_32x8d: builder({ block: bottleneck({ groups: 32, widthPerGroup: 8 }), depths: [3, 8, 36, 3] }),
  wide_resnet50_2: builder({ block: bottleneck({ widthPerGroup: 128 }), depths: [3, 4, 6, 3] }),
  wide_resnet101_2: builder({ block: bottleneck({ widthPerGroup: 128 }), depths: [3, 4, 23, 3] }),
};
