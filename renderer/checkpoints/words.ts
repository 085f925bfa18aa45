/** Names of formats, layouts and evaluations as people know them. */
import type { CheckpointSummary } from '../../common/checkpoints.ts';

export const formatWords = {
  zip: 'PyTorch',
  legacy: 'PyTorch, before 1.6',
  safetensors: 'safetensors',
} as const satisfies Record<CheckpointSummary['format'], string>;

const layoutNames: Record<string, string> = {
  moco: 'MoCo',
  seed: 'SEED',
  simclr: 'SimCLR',
  swav: 'SwAV',
  dino: 'DINO',
  lightly: 'lightly',
  'solo-learn': 'solo-learn',
  torchvision: 'torchvision',
  timm: 'timm',
  plain: 'plain state_dict',
};

export function layoutWords(layout: string): string {
  return layoutNames[layout] ?? layout;
}

const evaluationNames: Record<string, string> = {
  knn: 'kNN',
  probe: 'kNN while training',
  linear: 'Linear probe',
  transfer: 'Transfer',
  instdisc: 'Instance discrimination',
  drift: 'Drift',
};

export function evaluationWords(name: string): string {
  return evaluationNames[name] ?? name;
}

/** `resnet18`, with what is unusual about it. */
export function netWords({ arch, stem, head }: Pick<CheckpointSummary, 'arch' | 'stem' | 'head'>): string {
  if (arch === null) return 'unknown net';
  const notes = [stem === 'small' ? '3×3 stem' : '', head && head !== 'none' && head !== 'own' ? `${head} head` : ''];
  return [arch, ...notes.filter(Boolean)].join(', ');
}

/** `64 × 3 × 7 × 7`. */
export function shapeWords(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join(' × ');
}
