/** Backbones by the reference's names. */
import type { Architecture, TeacherArchitecture } from '../../common/architectures.ts';
import { efficientnetB0, efficientnetB1, efficientnetB2, efficientnetB3 } from './efficientnet.ts';
import { mobilenetV3Large, mobilenetV3Small } from './mobilenet.ts';
import type { BackboneOptions, Model, TeacherBuilder } from './model.ts';
import { resnets } from './resnet.ts';
import { simclrResnet50 } from './simclr.ts';
import { swavResnets } from './swav.ts';
import { vitTiny } from './vit.ts';

export type BackboneBuilder = (options: BackboneOptions) => Model;

export const backbones: Record<Architecture, BackboneBuilder> = {
  ...resnets,
  vit_tiny: vitTiny,
  mobilenetv3_small: mobilenetV3Small,
  mobilenetv3_large: mobilenetV3Large,
  efficientnet_b0: efficientnetB0,
  efficientnet_b1: efficientnetB1,
  efficientnet_b2: efficientnetB2,
  efficientnet_b3: efficientnetB3,
};

/** Nets that only others' checkpoints hold, head included. */
export const teachers: Record<TeacherArchitecture, TeacherBuilder> = {
  simclr_resnet50: simclrResnet50,
  ...swavResnets,
};
