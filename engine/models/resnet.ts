/** The ResNet family (He et al. 2016, arXiv 1512.03385) as torchvision lays it out: strides on the 3x3 convolutions. */
import { relu } from '../kernels/dense.ts';
import { globalAveragePool, maxPool } from '../kernels/pooling.ts';
import { type Tensor4D, tf } from '../tf.ts';
import { buildHead } from './heads.ts';
import { batchNormLayer, convolutionLayer, imageConvolutionLayer, type Layer, type Pass } from './layers.ts';
import type { BackboneOptions, Model } from './model.ts';

/** Builds one residual block: [n, h, w, inputs] -> [n, h / stride, w / stride, width * expansion]. */
interface BlockKind {
  expansion: number;
  build(name: string, inputs: number, width: number, stride: number): Layer<Tensor4D>;
}

const basicBlock: BlockKind = {
  expansion: 1,
  build(name, inputs, width, stride) {
    const conv1 = convolutionLayer(`${name}.conv1`, inputs, width, { kernel: 3, stride, padding: 1 });
    const bn1 = batchNormLayer(`${name}.bn1`, width);
    const conv2 = convolutionLayer(`${name}.conv2`, width, width, { kernel: 3, stride: 1, padding: 1 });
    const bn2 = batchNormLayer(`${name}.bn2`, width);
    const shortcut = shortcutLayer(name, inputs, width, stride);
    return {
      tensors: [conv1, bn1, conv2, bn2, shortcut].flatMap((layer) => layer.tensors),
      apply(pass, x) {
        const hidden = relu(bn1.apply(pass, conv1.apply(pass, x)));
        return relu(tf.add(bn2.apply(pass, conv2.apply(pass, hidden)), shortcut.apply(pass, x)));
      },
    };
  },
};

/** The way around a block: nothing, or a 1x1 convolution where the shape changes. */
function shortcutLayer(block: string, inputs: number, outputs: number, stride: number): Layer<Tensor4D> {
  if (stride === 1 && inputs === outputs) return { tensors: [], apply: (_pass, x) => x };
  const conv = convolutionLayer(`${block}.downsample.0`, inputs, outputs, { kernel: 1, stride, padding: 0 });
  const bn = batchNormLayer(`${block}.downsample.1`, outputs);
  return {
    tensors: [...conv.tensors, ...bn.tensors],
    apply: (pass, x) => bn.apply(pass, conv.apply(pass, x)),
  };
}

interface ResNetShape {
  block: BlockKind;
  /** Blocks in each of the four stages. */
  depths: readonly [number, number, number, number];
}

const stageWidths = [64, 128, 256, 512] as const;

function buildResNet({ block, depths }: ResNetShape, { head, outputSize, stem }: BackboneOptions): Model {
  const small = stem === 'small';
  const conv1 = imageConvolutionLayer('conv1', 3, 64, {
    ...(small ? { kernel: 3, stride: 1, padding: 1 } : { kernel: 7, stride: 2, padding: 3 }),
  });
  const bn1 = batchNormLayer('bn1', 64);
  let channels = 64;
  const blocks = stageWidths.flatMap((width, stage) =>
    Array.from({ length: depths[stage]! }, (_, index) => {
      const stride = index === 0 && stage > 0 ? 2 : 1;
      const built = block.build(`layer${stage + 1}.${index}`, channels, width, stride);
      channels = width * block.expansion;
      return built;
    }),
  );
  const fc = buildHead(head, channels, outputSize);

  return {
    tensors: [conv1, bn1, ...blocks, fc].flatMap((layer) => layer.tensors),
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
      const output = fc.apply(pass, features); // [n, outputSize]
      return { features, output, buffers: pass.newBuffers };
    },
  };
}

const shapes = {
  resnet18: { block: basicBlock, depths: [2, 2, 2, 2] },
} satisfies Record<string, ResNetShape>;

/** torchvision's `resnet18`: 11.2 million parameters, features of 512. */
export const resnet18 = (options: BackboneOptions) => buildResNet(shapes.resnet18, options);
