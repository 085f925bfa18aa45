import { expect, test } from 'vitest';
import type { RunRecord } from '../../../common/records.ts';
import { filterRuns } from '../../../renderer/runs/filter-runs.ts';

const run = (id: string, state: RunRecord['state'], config: object) =>
  ({
    id,
    name: `Run ${id}`,
    kind: 'train',
    state,
    recipe: 'demo',
    device: 'cpu',
    config,
    last: {},
    best: {},
    results: {},
  }) as unknown as RunRecord;
const runs = [
  run('a', 'finished', { arch: 'resnet18', epochs: 20 }),
  run('b', 'running', { arch: 'resnet18', epochs: 200 }),
  run('c', 'interrupted', { arch: 'mobilenetv3_large', epochs: 20 }),
];
const ids = ({ runs }: { runs: RunRecord[] }) => runs.map(({ id }) => id);

test('every word must occur, in whatever part and case', () => {
  expect(ids(filterRuns(runs, 'RESNET demo', 'all'))).toEqual(['a', 'b']);
  expect(ids(filterRuns(runs, 'epochs=20 mobile', 'all'))).toEqual(['c']);
});

test('search and states are independent of each other', () => {
  expect(ids(filterRuns(runs, '', 'active'))).toEqual(['b']);
  expect(ids(filterRuns(runs, '', 'resumable'))).toEqual(['c']);
  expect(ids(filterRuns(runs, 'resnet', 'finished'))).toEqual(['a']);
});

test('a filter that cannot be read filters nothing and says why', () => {
  const found = filterRuns(runs, 'epoch_s > 3', 'all');
  expect(ids(found)).toEqual(['a', 'b', 'c']);
  expect(found.problem?.message).toContain('there is no field "epoch_s", but "epochs"');
});
