import { expect, test } from 'vitest';
import type { CheckpointSummary } from '../../../common/checkpoints.ts';
import { filterCheckpoints, resultsOf } from '../../../renderer/checkpoints/filter-checkpoints.ts';

const blank: CheckpointSummary = {
  ...{ id: '0a1b2c3d4e5f', sha256: '0a1b2c3d4e5f'.padEnd(64, '0'), name: 'Published', source: 'imported', run: null },
  ...{ origin: '/data/moco.pth.tar', location: '/w/checkpoints/0a1b', file: '/w/checkpoints/0a1b/moco.pth.tar' },
  ...{ how: 'copied', format: 'zip', layout: 'moco', arch: 'resnet18', stem: 'imagenet', head: 'wide', dim: 128 },
  ...{ imageSize: 224, epoch: 200, step: null, sizeBytes: 1, createdAt: '2026-11-24T10:00:00.000Z', best: false },
  ...{ state: 'ok', problem: null, verifiedAt: null, results: {}, trashedAt: null },
};
const ofRun: CheckpointSummary = {
  ...blank,
  ...{ id: 'ffff', sha256: 'f'.repeat(64), name: 'Demo, epoch 2', source: 'run', layout: 'seed', arch: 'vit_tiny' },
  run: { id: '20261124-abc', name: 'Demo', kind: 'distill' },
};
const all = [blank, ofRun];
const names = (search: string, group: Parameters<typeof filterCheckpoints>[2] = 'all') =>
  filterCheckpoints(all, search, group).map(({ name }) => name);

test('every word has to occur, in whatever field', () => {
  expect(names('')).toEqual(['Published', 'Demo, epoch 2']);
  expect(names('MoCo resnet')).toEqual(['Published']);
  expect(names('0a1b2c')).toEqual(['Published']);
  expect(names('20261124-abc')).toEqual(['Demo, epoch 2']);
  expect(names('resnet18 demo')).toEqual([]);
});

test('groups go by where a checkpoint comes from', () => {
  expect(names('', 'imported')).toEqual(['Published']);
  expect(names('', 'run')).toEqual(['Demo, epoch 2']);
  expect(names('', 'trash')).toEqual(['Published', 'Demo, epoch 2']);
});

test('kNN stands for a checkpoint before what was measured while training', () => {
  const result = { value: 50, measure: 'bestAccuracy', run: 'r', protocol: {} };
  const results = { linear: result, probe: result, knn: { ...result, value: 40 } };
  expect(resultsOf({ ...blank, results }).map(({ name }) => name)).toEqual(['knn', 'probe', 'linear']);
  expect(resultsOf(blank)).toEqual([]);
});
