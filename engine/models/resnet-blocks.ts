/** Residual blocks as torchvision lays them out: strides on the 3x3 convolutions. */
import { relu } from '../kernels/dense.ts';
import { type Tensor4D, tf } from '../tf.ts';
import { batchNormLayer, convolutionLayer, type Layer } from './layers.ts';

export interface BlockShape {
  inputs: number;
  /** Of the 3x3 convolutions of a plain net; ResNeXt and wide nets differ inside of a bottleneck only. */
  width: number;
  stride: number;
}

/** Builds one residual block: [n, h, w, inputs] -> [n, h / stride, w / stride, width * expansion]. */
export interface BlockKind {
  expansion: number;
  build(name: string, shape: BlockShape): Layer<Tensor4D>;
}

/** Two 3x3 convolutions (He et al. 2016, figure 5, left). */
export const basicBlock: BlockKind = {
  expansion: 1,
  build(name, { inputs, width, stride }) {
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

/**
 * 1x1, 3x3 and 1x1 convolutions (figure 5, right). The 3x3 one works in `groups` (ResNeXt: Xie et al. 2017, arXiv
 * 1611.05431), each `widthPerGroup` / 64 times as wide as the block (wide nets: 128, Zagoruyko and Komodakis 2016).
 */
export function bottleneck({ groups = 1, widthPerGroup = 64 } = {}): BlockKind {
  return {
    expansion: 4,
    build(name, { inputs, width, stride }) {
      const inner = Math.floor((width * widthPerGroup) / 64) * groups;
      const outputs = width * 4;
      const conv1 = convolutionLayer(`${name}.conv1`, inputs, inner, { kernel: 1, stride: 1, padding: 0 });
      const bn1 = batchNormLayer(`${name}.bn1`, inner);
      const conv2 = convolutionLayer(`${name}.conv2`, inner, inner, { kernel: 3, stride, padding: 1, groups });
      const bn2 = batchNormLayer(`${name}.bn2`, inner);
      const conv3 = convolutionLayer(`${name}.conv3`, inner, outputs, { kernel: 1, stride: 1, padding: 0 });
      const bn3 = batchNormLayer(`${name}.bn3`, outputs);
      const shortcut = shortcutLayer(name, inputs, outputs, stride);
      return {
        tensors: [conv1, bn1, conv2, bn2, conv3, bn3, shortcut].flatMap((layer) => layer.tensors),
        apply(pass, x) {
          const narrow = relu(bn1.apply(pass, conv1.apply(pass, x)));
          const hidden = relu(bn2.apply(pass, conv2.apply(pass, narrow)));
          return relu(tf.add(bn3.apply(pass, conv3.apply(pass, hidden)), shortcut.apply(pass, x)));
        },
      };
    },
  };
}

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
