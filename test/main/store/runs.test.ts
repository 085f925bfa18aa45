import { expect, test } from 'vitest';
import type { RunState } from '../../../common/records.ts';
import { openStore } from '../../../main/store/index.ts';
import { temporaryFolder } from '../../support/studio.ts';

function storeWith(count: number) {
  const store = openStore(`${temporaryFolder()}/studio.db`);
  const states: RunState[] = ['finished', 'failed', 'stopped'];
  for (let i = 0; i < count; i++) {
    const loss = i === 1 ? 'NaN' : i === 2 ? undefined : 10 - i;
    store.runs.insert({
      id: `run${i}`,
      folder: `folder${i}`,
      kind: 'train',
      name: i % 2 === 0 ? `Even ${i}` : `100%_odd ${i}`,
      state: states[i % 3]!,
      recipe: null,
      parent: null,
      config: JSON.stringify({ data: `/data/${i % 4}`, learningRate: i / 100, cos: i % 2 === 0 }),
      createdAt: new Date(i * 1000).toISOString(),
      last: JSON.stringify({ 'epoch/loss': loss }),
      best: JSON.stringify({ 'epoch/loss': { value: loss, epoch: i, step: i } }),
    });
  }
  return store;
}

const page = { limit: 100, offset: 0 };

test('the newest come first; any column, value or config field sorts; what has no number is last either way', () => {
  const store = storeWith(5);
  const ids = (query: object) => store.runs.list({ ...page, ...query }).rows.map((run) => run.id);
  expect(ids({})).toEqual(['run4', 'run3', 'run2', 'run1', 'run0']);
  expect(ids({ sort: 'createdAt' })).toEqual(['run0', 'run1', 'run2', 'run3', 'run4']);
  expect(ids({ sort: 'last:epoch/loss' })).toEqual(['run4', 'run3', 'run0', 'run2', 'run1']);
  expect(ids({ sort: 'best:epoch/loss', descending: true })).toEqual(['run0', 'run3', 'run4', 'run2', 'run1']);
  expect(ids({ sort: 'config:learningRate', descending: true })).toEqual(['run4', 'run3', 'run2', 'run1', 'run0']);
  expect(ids({ sort: 'name', limit: 2, offset: 1 })).toEqual(['run3', 'run0']);
  expect(ids({ sort: 'config:x") --', limit: 1 })).toHaveLength(1); // a name is never SQL
  expect(store.runs.list({ ...page, limit: 2 }).total).toBe(5);
  store.close();
});

test('a list is read on behind a run, whatever has come before it; the count is of all', () => {
  const store = storeWith(5);
  const { rows } = store.runs.list({ ...page, limit: 2 });
  const { createdAt, id } = rows[1]!;
  store.runs.remove(rows[0]!.id);
  const rest = store.runs.list({ ...page, limit: 2, after: { createdAt, id } });
  expect([rest.rows.map((run) => run.id), rest.total]).toEqual([['run2', 'run1'], 4]);
  // Of those that were made at once, the id decides.
  const twins = store.runs.list({ ...page, after: { createdAt, id: 'run2' } }).rows.map((run) => run.id);
  expect(twins).toEqual(['run3', 'run2', 'run1', 'run0']);
  store.close();
});

test('every word of a search must be there, as it is written', () => {
  const store = storeWith(8);
  const ids = (search: string) => store.runs.list({ ...page, search }).rows.map((run) => run.id);
  expect(ids('even')).toEqual(['run6', 'run4', 'run2', 'run0']);
  expect(ids('even /data/2')).toEqual(['run6', 'run2']);
  expect(ids('100%_odd')).toEqual(['run7', 'run5', 'run3', 'run1']);
  expect(ids('100x')).toEqual([]);
  expect(store.runs.list({ ...page, states: ['failed'] }).total).toBe(3);
  store.close();
});

test('the data that runs have used, latest first', () => {
  const store = storeWith(5);
  expect(store.runs.usedValues('data').map(({ value }) => value)).toEqual(['/data/0', '/data/3', '/data/2', '/data/1']);
  store.close();
});
