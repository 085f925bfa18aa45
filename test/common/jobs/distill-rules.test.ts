import { expect, test } from 'vitest';
import { distillConfig } from '../../../common/jobs/distill.ts';
import { distillIssues } from '../../../common/jobs/distill-rules.ts';

const issuesOf = (change: Record<string, unknown>) =>
  distillIssues(
    distillConfig.parse({ data: 'anywhere', teacher: 'a.safetensors', batchSize: 64, queueLength: 1024, ...change }),
    null,
  );

test('a batch in parts has whole batch-norm groups in each', () => {
  expect(issuesOf({ accumulate: 4, bnSplits: 8 })).toEqual([]);
  expect(issuesOf({ accumulate: 4, bnSplits: 4, smallPatches: true })).toEqual([]);
  expect(issuesOf({ accumulate: 4 })).toMatchObject([
    { field: 'accumulate', level: 'error', fix: { label: 'Take 4 groups', config: { bnSplits: 4 } } },
  ]);
  expect(issuesOf({ accumulate: 3 })).toMatchObject([
    { field: 'accumulate', level: 'error', fix: { config: { accumulate: 2 } } },
  ]);
  // No batch norm, no groups.
  expect(issuesOf({ accumulate: 4, arch: 'vit_tiny' })).toEqual([]);
});
