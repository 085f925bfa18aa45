/** What must hold between images and the nets that cut them into patches. */
import { type Architecture, type PatchGrid, patchGrids } from '../architectures.ts';
import type { Issue } from '../launch.ts';

interface Fields {
  arch: Architecture;
  stem: 'imagenet' | 'small';
  imageSize: number;
}

/** Nets that cut images into patches have none. */
export function hasBatchNorm(arch: Architecture): boolean {
  return !Object.hasOwn(patchGrids, arch);
}

export function patchIssues({ arch, stem, imageSize }: Fields): Issue[] {
  const grid = gridOf(arch, stem);
  if (grid === undefined) return [];
  const { patch, largest } = grid;
  const fitting = Math.min(largest, Math.max(1, Math.round(imageSize / patch)) * patch);
  if (fitting === imageSize) return [];
  const message =
    imageSize > largest
      ? `${arch} with the ${stem} stem takes images of at most ${largest} px, not ${imageSize}.`
      : `${imageSize} px are not a whole number of the patches of ${patch} px that ${arch} cuts with the ${stem} stem.`;
  return [
    {
      field: 'imageSize',
      level: 'error',
      message,
      fix: { label: `Take ${fitting} px`, config: { imageSize: fitting } },
    },
  ];
}

function gridOf(arch: Architecture, stem: Fields['stem']): PatchGrid | undefined {
  const grids: Partial<Record<Architecture, Record<Fields['stem'], PatchGrid>>> = patchGrids;
  return grids[arch]?.[stem];
}
