import { expect, test } from 'vitest';
import type { RunRecord } from '../../../common/records.ts';
import { filterRuns } from '../../../renderer/runs/filter-runs.ts';
import { runRecordOf } from '../../support/run-records.ts';

const run = (id: string, state: RunRecord['state'], config: Record<string, unknown>, marks: Partial<RunRecord> = {}) =>
  runRecordOf({ id, name: `Run ${id}`, state, recipe: 'demo', device: 'cpu', config, ...marks });
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

test('stars, tags and notes are found; the archived are left out until they are asked for', () => {
  const marked = [
    run('d', 'finished', {}, { tags: ['Paper', 'seed 3', '2026'], note: 'the row of table 2', star: true }),
    run('e', 'finished', {}, { tags: ['paper draft'], archived: true }),
    run('f', 'failed', {}),
  ];
  const found = (filter: string, group: Parameters<typeof filterRuns>[2] = 'all') =>
    ids(filterRuns(marked, filter, group));
  expect(found('')).toEqual(['d', 'f']);
  expect(found('tag = paper')).toEqual(['d']);
  expect(found('tag = "seed 3" and tag = 2026 and star = true')).toEqual(['d']);
  expect(found('tag != paper')).toEqual(['f']);
  expect(found('tag ~ /^paper/i and archived = true')).toEqual(['e']);
  expect(found('not archived = true or tag ~ draft')).toEqual(['d', 'e', 'f']);
  expect(found('note ~ "table 2"')).toEqual(['d']);
  expect(found('', 'archived')).toEqual(['e']);
  expect(found('tag = paper', 'archived')).toEqual([]);
  expect(found('', 'failed')).toEqual(['f']);
});
