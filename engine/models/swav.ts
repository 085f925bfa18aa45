/**
 * SwAV's ResNet-50 and its wide variants (Caron et al. 2020, arXiv 2006.09882). Teachers only: the projection head is a
 * part of them. The prototypes are not: they belong to SwAV's loss. (Its code adds one pixel of zeros to the images and
 * two in the first convolution, which is the padding of 3 of every other ResNet.)
 */
import type { Model, TeacherBuilder, TeacherOptions } from './model.ts';
import { buildResNet, resnet50Shape } from './resnet.ts';
import { unitHeadLayer } from './unit-head.ts';

interface SwavShape {
  /** Times the width of ResNet-50 in every layer. */
  widening: number;
  /** Of the projection head. */
  hidden: number;
}

function buildSwav({ widening, hidden }: SwavShape, { outputSize }: TeacherOptions): Model {
  return buildResNet(
    { ...resnet50Shape, widening },
    {
      stem: 'imagenet',
      outputSize,
      buildHead: (features) => unitHeadLayer('projection_head', { inputs: features, hidden, outputs: outputSize }),
    },
  );
}

/** 28, 129, 421 and 693 million parameters; features of 2048 times the widening; the output has length 1. */
export const swavResnets = {
  swav_resnet50: (options) => buildSwav({ widening: 1, hidden: 2048 }, options),
  swav_resnet50w2: (options) => buildSwav({ widening: 2, hidden: 8192 }, options),
  swav_resnet50w4: (options) => buildSwav({ widening: 4, hidden: 8192 }, options),
  swav_resnet50w5: (options) => buildSwav({ widening: 5, hidden: 10240 }, options),
} satisfies Record<string, TeacherBuilder>;
