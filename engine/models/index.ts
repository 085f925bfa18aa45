/** Backbones by the reference's names. */
import type { Model } from './model.ts';
import { type BackboneOptions, resnet18 } from './resnet.ts';

export const backbones = { resnet18 } satisfies Record<string, (options: BackboneOptions) => Model>;

export type Architecture = keyof typeof backbones;
