import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { runsView } from '../../../common/runs-view.ts';
import { openStore, type Store } from '../../../main/store/index.ts';
import { makeData, openStudio, temporaryFolder, trainConfigFor } from '../../support/studio.ts';

const timeout = 300_000;

async function studioWithTwo() {
  const workspace = temporaryFolder();
  const config = trainConfigFor(makeData(workspace, { epochs: 1, stepsPerEpoch: 2, stepMs: 0 }));
  const studio = await openStudio(workspace);
  studio.services.queue.hold();
  const runs = [];
  for (const name of ['a', 'b']) runs.push(await studio.services.runs.launch({ kind: 'train', config, name }));
  return { studio, workspace, a: runs[0]!, b: runs[1]! };
}

test('marks are in label.json, and a database that is made anew has them', { timeout }, async () => {
  const { studio, workspace, a, b } = await studioWithTwo();
  const { runs } = studio.services;
  const marks = { star: true, tags: ['paper', 'seed 3'], note: 'Row 2.\nBetter than "b".', archived: true };
  expect(runs.mark([a.id], marks)).toMatchObject([{ id: a.id, name: 'a', ...marks }]);
  runs.rename(a.id, 'first'); // neither change forgets the other
  const file = join(a.folder, 'label.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ name: 'first', trashedAt: null, ...marks });
  // As it was written before there were marks.
  writeFileSync(join(b.folder, 'label.json'), JSON.stringify({ name: 'second', trashedAt: null }));
  await studio.close();

  for (const end of ['', '-wal', '-shm']) rmSync(join(workspace, `studio.db${end}`), { force: true });
  const again = await openStudio(workspace);
  again.services.queue.hold();
  await vi.waitFor(() => [a.id, b.id].map(again.services.runs.get), { timeout: 300_000 });
  expect(again.services.runs.get(a.id)).toMatchObject({ name: 'first', ...marks });
  expect(again.services.runs.get(b.id)).toMatchObject({ name: 'second', star: false, tags: [], note: '' });
});

test('several at once; what is left out stays, and a wrong one changes none', { timeout }, async () => {
  const { studio, a, b } = await studioWithTwo();
  const { runs } = studio.services;
  const ids = [a.id, b.id];
  runs.mark([a.id], { tags: [' Paper ', 'draft', 'paper'], note: 'kept' });
  expect(runs.get(a.id).tags).toEqual(['Paper', 'draft']);
  expect(runs.mark(ids, { addTags: ['paper', 'x  y'], removeTags: ['DRAFT'] }).map(({ tags }) => tags)).toEqual([
    ['Paper', 'x y'],
    ['paper', 'x y'],
  ]);
  expect(runs.mark(ids, { archived: true }).map(({ archived, note }) => ({ archived, note }))).toEqual([
    { archived: true, note: 'kept' },
    { archived: true, note: '' },
  ]);
  expect(runs.mark(ids, { archived: false }).every(({ archived }) => archived)).toBe(false);

  expect(() => runs.mark(ids, { star: true, addTags: ['a,b'] })).toThrow('"a,b" cannot be a tag.');
  expect(() => runs.mark(ids, { star: true, addTags: [' '] })).toThrow('"" cannot be a tag.');
  expect(() => runs.mark([a.id, 'nobody'], { star: true })).toThrow('There is no run nobody.');
  expect(runs.get(a.id)).toMatchObject({ star: false, tags: ['Paper', 'x y'] });
});

test('a colour is part of the record, in the settings; one that is spoilt is left out, one of a run that is gone goes', {
  timeout,
}, async () => {
  const { studio, workspace, a, b } = await studioWithTwo();
  const { runs } = studio.services;
  const ids = [a.id, b.id];
  expect(runs.mark(ids, { colour: '#803009' }).map(({ colour }) => colour)).toEqual(['#803009', '#803009']);
  expect(runs.mark([b.id], { star: true })).toMatchObject([{ colour: '#803009', star: true }]);
  runs.mark([a.id], { colour: '#0d816a' });
  expect(runs.list({ limit: 10, offset: 0, sort: 'name' }).rows.map(({ colour }) => colour)).toEqual([
    '#0d816a',
    '#803009',
  ]);
  expect(() => runs.mark(['nobody', a.id], { colour: null })).toThrow('There is no run nobody.');
  await studio.close();

  const kept = () => withStore(workspace, (store) => store.settings.get('runColours'));
  expect(kept()).toEqual({ [a.id]: '#0d816a', [b.id]: '#803009' });
  withStore(workspace, (store) =>
    store.settings.set('runColours', { [a.id]: 'red', [b.id]: '#2A5CDA', ghost: '#2a5cda' }),
  );
  const again = await openStudio(workspace);
  again.services.queue.hold();
  const colours = () => ids.map((id) => again.services.runs.get(id).colour);
  expect(colours()).toEqual([null, '#2a5cda']);
  again.services.runs.mark([a.id], { colour: '#a1942f' });
  expect(colours()).toEqual(['#a1942f', '#2a5cda']);
  again.services.runs.mark([b.id], { colour: null });
  await again.close();
  expect(kept()).toEqual({ [a.id]: '#a1942f' });
});

test('colours of the page of runs, from before there were common ones, count everywhere', { timeout }, async () => {
  const { studio, workspace, a, b } = await studioWithTwo();
  studio.services.runViews.show({ view: runsView.parse({ colours: { [a.id]: '#2a5cda', [b.id]: 7 } }), from: null });
  await studio.close();
  const again = await openStudio(workspace);
  again.services.queue.hold();
  expect(again.services.runs.get(a.id).colour).toBe('#2a5cda');
  expect(again.services.runs.mark([b.id], { colour: '#a1942f' })).toMatchObject([{ colour: '#a1942f' }]);
  expect(again.services.runs.get(a.id).colour).toBe('#2a5cda');
  expect(again.services.runs.mark([a.id], { colour: null })).toMatchObject([{ colour: null }]);
});

function withStore<Result>(workspace: string, work: (store: Store) => Result): Result {
  const store = openStore(join(workspace, 'studio.db'));
  try {
    return work(store);
  } finally {
    store.close();
  }
}
