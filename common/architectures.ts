/** Backbones by the reference's names (`-a`). engine/models/index.ts builds them. */

/** Those that can be trained and distilled. */
export const architectures = [
  'resnet18',
  'resnet34',
  'resnet50',
  'resnet101',
  'resnet152',
  'resnext50_32x4d',
  'resnext101_32x8d',
  'resnext152_32x8d',
  'wide_resnet50_2',
  'wide_resnet101_2',
  'vit_tiny',
  'mobilenetv3_small',
  'mobilenetv3_large',
  'efficientnet_b0',
  'efficientnet_b1',
  'efficientnet_b2',
  'efficientnet_b3',
] as const;
export type Architecture = (typeof architectures)[number];

/** Those that are somebody else's and come with a projection head of their own: they teach, and are evaluated. */
export const teacherArchitectures = [
  'simclr_resnet50',
  'swav_resnet50',
  'swav_resnet50w2',
  'swav_resnet50w4',
  'swav_resnet50w5',
] as const;
export type TeacherArchitecture = (typeof teacherArchitectures)[number];

type Stem = 'imagenet' | 'small';

/** Side of a patch and of the largest image, in px: each place of an image has an embedding of its own. */
export interface PatchGrid {
  patch: number;
  largest: number;
}

/**
 * Of the nets that cut images into patches; they have no batch norm. The small stem looks four times as closely, as a
 * ResNet's does: 32 px give 64 patches, 96 px 576.
 */
export const patchGrids = {
  vit_tiny: { imagenet: { patch: 16, largest: 224 }, small: { patch: 4, largest: 96 } },
} satisfies Partial<Record<Architecture, Record<Stem, PatchGrid>>>;
