/** Sizes of the ResNet family (He et al. 2016, table 1; engine/models/resnet.ts builds it). */
import type { BackboneSize, Stem } from './model-size.ts';

interface ResNetShape {
  depths: readonly [number, number, number, number];
  /** Of the 3x3 convolution of a bottleneck; null: blocks of two 3x3 convolutions. */
  bottleneck: { groups: number; widthPerGroup: number } | null;
  /** Times the channels of every layer; 1 where it is left out. */
  widening?: number;
}

const resnetSize =
  ({ depths, bottleneck, widening = 1 }: ResNetShape) =>
  (stem: Stem): BackboneSize => {
    const small = stem === 'small';
    const layers: { weights: number; outputs: number; side: number }[] = [];
    /** With its batch norm. `side`: of the map that it gives out, over that of the first stage. */
    const convolution = (kernel: number, inputs: number, outputs: number, side: number) =>
      layers.push({ weights: kernel ** 2 * inputs * outputs + 2 * outputs, outputs, side });

    const base = 64 * widening;
    convolution(small ? 3 : 7, 3, base, small ? 1 : 2);
    let channels = base;
    for (const [stage, depth] of depths.entries()) {
      const width = base * 2 ** stage;
      const outputs = width * (bottleneck ? 4 : 1);
      const side = 1 / 2 ** stage;
      for (let block = 0; block < depth; block++) {
        if (bottleneck) {
          const inner = Math.floor((width * bottleneck.widthPerGroup) / 64) * bottleneck.groups;
          convolution(1, channels, inner, block === 0 && stage > 0 ? 2 * side : side);
          convolution(3, inner / bottleneck.groups, inner, side);
          convolution(1, inner, outputs, side);
        } else {
          convolution(3, channels, width, side);
          convolution(3, width, width, side);
        }
        if (block === 0 && (stage > 0 || channels !== outputs)) convolution(1, channels, outputs, side);
        channels = outputs;
      }
    }
    return {
      parameters: layers.reduce((sum, { weights }) => sum + weights, 0),
      features: channels,
      activations(imageSize) {
        const first = small ? imageSize : imageSize / 4;
        const pooled = small ? 0 : base * first ** 2;
        return layers.reduce((sum, { outputs, side }) => sum + outputs * (side * first) ** 2, pooled);
      },
    };
  };

const plain = (...depths: ResNetShape['depths']) => resnetSize({ depths, bottleneck: null });
const deep = (groups: number, widthPerGroup: number, ...depths: ResNetShape['depths']) =>
  resnetSize({ depths, bottleneck: { groups, widthPerGroup } });

/** SwAV's, of n times the width. */
export const wideResnet50 = (widening: number) =>
  resnetSize({ depths: [3, 4, 6, 3], bottleneck: { groups: 1, widthPerGroup: 64 }, widening });

export const resnetSizes = {
  resnet18: plain(2, 2, 2, 2),
  resnet34: plain(3, 4, 6, 3),
  resnet50: deep(1, 64, 3, 4, 6, 3),
  resnet101: deep(1, 64, 3, 4, 23, 3),
  resnet152: deep(1, 64, 3, 8, 36, 3),
  resnext50_32x4d: deep(32, 4, 3, 4, 6, 3),
  resnext101_32x8d: deep(32, 8, 3, 4, 23, 3),
  resnext152_32x8d: deep(32, 8, 3, 8, 36, 3),
  wide_resnet50_2: deep(1, 128, 3, 4, 6, 3),
  wide_resnet101_2: deep(1, 128, 3, 4, 23, 3),
};
