import { expect, test } from 'vitest';
import { hasBatchNorm, patchIssues } from '../../../common/jobs/patch-rules.ts';

test('nets of patches take images of whole patches, up to their largest', () => {
  const issues = (imageSize: number, stem: 'imagenet' | 'small') => patchIssues({ arch: 'vit_tiny', stem, imageSize });
  for (const size of [16, 64, 224]) expect(issues(size, 'imagenet')).toEqual([]);
  for (const size of [32, 64, 96]) expect(issues(size, 'small')).toEqual([]);
  expect(issues(70, 'imagenet')).toMatchObject([
    {
      level: 'error',
      message: expect.stringContaining('70 px are not a whole number'),
      fix: { config: { imageSize: 64 } },
    },
  ]);
  expect(issues(256, 'imagenet')[0]).toMatchObject({
    message: expect.stringContaining('at most 224 px, not 256'),
    fix: { config: { imageSize: 224 } },
  });
  expect(issues(224, 'small')[0]!.fix!.config).toEqual({ imageSize: 96 });
});

test('other nets take any size', () => {
  expect(patchIssues({ arch: 'resnet18', stem: 'imagenet', imageSize: 33 })).toEqual([]);
  expect(hasBatchNorm('resnet18')).toBe(true);
  expect(hasBatchNorm('vit_tiny')).toBe(false);
});
