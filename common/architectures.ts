/** Backbones by the reference's names (`-a`). engine/models/index.ts builds them. */

/** Those that can be trained and distilled. */
export const architectures = ['resnet18', 'vit_tiny'] as const;
export type Architecture = (typeof architectures)[number];
