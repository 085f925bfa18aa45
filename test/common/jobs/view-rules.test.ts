import { expect, test } from 'vitest';
import { trainConfig } from '../../../common/jobs/train.ts';
import { viewIssues } from '../../../common/jobs/view-rules.ts';

const issues = (change: Record<string, unknown>) => viewIssues(trainConfig.parse({ data: '/data', ...change }));

test('the reference’s own settings raise nothing', () => {
  expect(issues({})).toEqual([]);
  expect(issues({ cropPairs: 'super-hard', overlap: 'noise', hideAndSeek: true })).toEqual([]);
  expect(issues({ cropPairs: 'hard', cropPairShare: 0.5 })).toEqual([]);
});

test('crops too large for the pairs that are asked for', () => {
  const [issue] = issues({ cropPairs: 'hard', cropScaleMin: 0.7 });
  expect(issue).toMatchObject({ field: 'cropScaleMin', level: 'error', fix: { config: { cropScaleMin: 0.2 } } });
  expect(issue!.message).toBe('Crops of at least 0.7 of the image share more than 0.25: there are no hard pairs.');
  expect(issues({ cropPairs: 'easy', cropScaleMin: 0.9 })).toEqual([]);
  expect(issues({ cropPairs: 'hard', cropPairShare: 0, cropScaleMin: 0.7 })).toEqual([]);
});

test('advice: published crops, pairs without a share, overlaps that cannot be', () => {
  expect(issues({ views: 'swav' })).toMatchObject([{ level: 'warning', fix: { config: { cropScaleMin: 0.14 } } }]);
  expect(issues({ views: 'simclr', cropScaleMin: 0.08 })).toEqual([]);
  expect(issues({ cropPairShare: 0.5 })).toMatchObject([{ field: 'cropPairShare', level: 'warning' }]);
  expect(issues({ cropPairs: 'nointer', overlap: 'mean' })).toMatchObject([{ field: 'overlap', level: 'warning' }]);
  expect(issues({ hideAndSeek: true, hideProbability: 0.95 })).toMatchObject([{ field: 'hideProbability' }]);
});

test('strengths that a published pipeline sets itself', () => {
  expect(issues({ views: 'moco-v2', jitter: 1, blurProbability: 0 })).toEqual([
    { field: 'jitter', level: 'warning', message: expect.stringContaining('moco-v2 pipeline sets the colour jitter') },
    { field: 'blurProbability', level: 'warning', message: expect.stringContaining('not used') },
  ]);
  expect(issues({ jitter: 1, greyProbability: 0 })).toEqual([]);
});
