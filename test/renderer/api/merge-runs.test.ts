import { expect, test } from 'vitest';
import type { RunRecord } from '../../../common/records.ts';
import { mergeRuns } from '../../../renderer/api/merge-runs.ts';

const run = (id: string, step: number, createdAt = '2026-01-01T00:00:00.000Z') =>
  ({ id, step, createdAt, trashedAt: null }) as RunRecord;
const list = { rows: [run('b', 1), run('a', 1)], total: 2, complete: true };

test('a changed run takes the place that it had', () => {
  const { rows, total } = mergeRuns(list, { type: 'changed', runs: [run('a', 2)] });
  expect(rows.map(({ id, step }) => [id, step])).toEqual([
    ['b', 1],
    ['a', 2],
  ]);
  expect(total).toBe(2);
});

test('new runs come first, the newest of them before the others', () => {
  const added = [run('c', 0, '2026-01-02T00:00:00.000Z'), run('d', 0, '2026-01-03T00:00:00.000Z')];
  const { rows, total } = mergeRuns(list, { type: 'changed', runs: added });
  expect(rows.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  expect(total).toBe(4);
});

test('what is gone is gone, and unknown ids do no harm', () => {
  const { rows, total } = mergeRuns(list, { type: 'removed', ids: ['a', 'x'] });
  expect(rows.map(({ id }) => id)).toEqual(['b']);
  expect(total).toBe(1);
});

test('what is moved to the trash leaves the list, and comes back from it', () => {
  const gone = { ...run('a', 1), trashedAt: '2026-01-03T00:00:00.000Z' };
  const without = mergeRuns(list, { type: 'changed', runs: [gone] });
  expect([without.rows.map(({ id }) => id), without.total]).toEqual([['b'], 1]);
  expect(mergeRuns(without, { type: 'changed', runs: [gone] })).toEqual(without);
  expect(mergeRuns(without, { type: 'changed', runs: [run('a', 1)] }).total).toBe(2);
});

test('a run behind the end of a list that is not complete is still to come', () => {
  const partial = { rows: [run('b', 1, '2026-01-02T00:00:00.000Z')], total: 2, complete: false };
  const merged = mergeRuns(partial, { type: 'changed', runs: [run('a', 2), run('c', 1, '2026-01-03T00:00:00.000Z')] });
  expect([merged.rows.map(({ id }) => id), merged.total]).toEqual([['c', 'b'], 3]);
});
