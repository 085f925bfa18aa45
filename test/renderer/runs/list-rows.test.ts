import { expect, test } from 'vitest';
import { groupRuns } from '../../../common/results/groups.ts';
import { plainView, runsView } from '../../../common/runs-view.ts';
import { filterRuns } from '../../../renderer/runs/filter-runs.ts';
import { listRows } from '../../../renderer/runs/list-rows.ts';
import { readSharedView, sharedViewPath } from '../../../renderer/runs/view-link.ts';
import { runRecordOf } from '../../support/run-records.ts';

const run = (id: string, arch: string, seed: number, loss: number | undefined, day: number) =>
  runRecordOf({
    id,
    config: { arch, seed },
    createdAt: `2026-01-0${day}T00:00:00.000Z`,
    last: loss === undefined ? {} : { 'epoch/loss': loss },
  });
const runs = [
  run('a1', 'resnet18', 1, 2, 1),
  run('a2', 'resnet18', 2, 4, 2),
  run('b1', 'vit_tiny', 1, 1, 3),
  run('c1', 'resnet50', 1, Number.NaN, 4),
  run('d1', 'mobilenet', 1, undefined, 5),
];

function idsOf(change: Partial<typeof plainView>, turned: string[] = []): string[] {
  const view = { ...plainView, ...change };
  const { rows } = listRows(groupRuns(runs, view.groupBy), { ...view, turned: new Set(turned) });
  return rows.map((row) => (row.type === 'run' ? row.id : `${row.group.runs.length}${row.folded ? '+' : '-'}`));
}

test('groups stand where their mean is, their runs below them; no number is last, whichever the direction', () => {
  const byLoss = (descending: boolean) => idsOf({ sort: { field: 'loss', descending } });
  expect(byLoss(false)).toEqual(['b1', '2-', 'a1', 'a2', 'd1', 'c1']);
  expect(byLoss(true)).toEqual(['2-', 'a2', 'a1', 'b1', 'd1', 'c1']);
  expect(idsOf({})).toEqual(['d1', 'c1', 'b1', '2-', 'a2', 'a1']);
});

test('NaN and infinities are last, whichever the direction, and fit no comparison with a number', () => {
  const losses = [Number.POSITIVE_INFINITY, 3, Number.NaN, 1, Number.NEGATIVE_INFINITY, 2];
  const all = losses.map((loss, index) => run(`${loss}`, 'resnet18', index, loss, index + 1));
  const byLoss = (descending: boolean) =>
    listRows(groupRuns(all, 'none'), { ...plainView, sort: { field: 'loss', descending }, turned: new Set() }).rows.map(
      ({ id }) => id,
    );
  const last = ['-Infinity', 'NaN', 'Infinity'];
  expect([byLoss(false), byLoss(true)]).toEqual([
    ['1', '2', '3', ...last],
    ['3', '2', '1', ...last],
  ]);
  for (const filter of ['loss > 0', 'loss < 0', 'loss >= 1', 'loss <= 1e300']) {
    const fitting = filterRuns(all, filter, 'all').runs.map(({ id }) => id);
    expect(fitting.filter((id) => last.includes(id))).toEqual([]);
  }
});

test('not grouped, by a field, folded', () => {
  expect(idsOf({ groupBy: 'none' })).toEqual(['d1', 'c1', 'b1', 'a2', 'a1']);
  expect(idsOf({ groupBy: 'config:seed', folded: true, sort: { field: 'seed', descending: false } })).toEqual([
    '4+',
    '1+',
  ]);
  expect(idsOf({ groupBy: 'config:seed', folded: true }, ['config:seed 2'])).toEqual(['4+', '1-', 'a2']);
});

test('a view goes through a link as it was; a link that was cut is none', () => {
  const view = runsView.parse({
    columns: [{ field: 'at20:probe/top1', width: 200 }],
    filter: 'name ~ "größer → 5"',
    colours: { a1: '#c2570c' },
  });
  const text = sharedViewPath(view).split('/').at(-1)!;
  expect(text).toMatch(/^[\w-]+$/);
  expect(readSharedView(text)).toEqual(view);
  expect(readSharedView(text.slice(0, -9))).toBe(null);
  expect(
    readSharedView(
      sharedViewPath({ ...view, columns: [{ field: '' }] })
        .split('/')
        .at(-1)!,
    ),
  ).toBe(null);
});
