/** Backbones by the reference's names. */
import type { Architecture } from '../../common/architectures.ts';
import type { BackboneOptions, Model } from './model.ts';
import { resnet18 } from './resnet.ts';
import { vitTiny } from './vit.ts';

export type BackboneBuilder = (options: BackboneOptions) => Model;

export const backbones: Record<Architecture, BackboneBuilder> = { resnet18, vit_tiny: vitTiny };
