import { expect, test } from 'vitest';
import type { ConfusionFile } from '../../../common/confusion.ts';
import type { NeighboursFile } from '../../../common/neighbours.ts';
import { commonQueries, comparedClasses } from '../../../renderer/compare/panels/compared-classes.ts';
import { driftCell, driftMeasureOf, driftRuns } from '../../../renderer/compare/panels/drift-pairs.ts';
import { runRecordOf } from '../../support/run-records.ts';

function confusionOf(classes: string[], correct: number[]): ConfusionFile {
  return { classes, images: classes.map(() => 10), correct, confusions: [] };
}

test('the class that lost most in any column is first; by one column, that one alone decides', () => {
  const base = confusionOf(['cat', 'dog', 'eel'], [5, 9, 4]);
  const better = confusionOf(['cat', 'dog', 'eel'], [6, 9, 3]);
  // Its labels are in another order.
  const worse = confusionOf(['eel', 'dog', 'fox'], [5, 2, 1]);
  const shown = (column: number | null, baseline = 0) =>
    comparedClasses([base, better, worse], baseline, column).map(({ name, drop }) => [name, drop]);
  expect(shown(null)).toEqual([
    ['dog', 70],
    ['eel', 10],
    ['cat', -10],
    ['fox', null],
  ]);
  expect(shown(1)[0]).toEqual(['eel', 10]);
  // Of the baseline itself the worst first.
  expect(shown(0).map(([name]) => name)).toEqual(['fox', 'eel', 'cat', 'dog']);
  expect(shown(null, -1)[0]).toEqual(['fox', null]);
});

test('images that every column has looked up, each with its own places', () => {
  const fileOf = (paths: string[], predicted: number[]): NeighboursFile => ({
    ...{ root: '/data', classes: ['cat', 'dog'], k: 0, space: 'original', indices: [], distances: [] },
    queries: { paths, labels: paths.map(() => 1), predicted },
    bank: { paths: [], labels: [] },
  });
  const found = commonQueries([fileOf(['a', 'b', 'c'], [1, 0, 1]), fileOf(['c', 'a'], [0, 1])]);
  expect(found).toEqual([
    { path: 'a', label: 1, places: [0, 1], right: [true, true] },
    { path: 'c', label: 1, places: [2, 0], right: [true, false] },
  ]);
  expect(commonQueries([])).toEqual([]);
});

test('drift of a pair is known whichever was held against which, and by one way of measuring only', () => {
  const nets = ['a', 'b', 'c'].map((name) => ({ sha256: name, location: `/runs/${name}`, file: `/runs/${name}` }));
  const config = { data: '/data', neighbours: 10, pretrained: '/runs/a', against: '/runs/b' };
  const values = {
    cka: 0.9,
    overlap: 0.5,
    images: 6,
    queries: 6,
    againstSha256: 'b',
    provenance: { checkpointSha256: 'a' },
  };
  const runs = [
    runRecordOf({ id: 'active', kind: 'drift', state: 'queued', config: { ...config, against: '/runs/c' } }),
    runRecordOf({ id: 'known', kind: 'drift', config, results: { drift: { values, protocol: {} } } }),
    runRecordOf({ id: 'elsewhere', kind: 'drift', config: { ...config, against: '/runs/other' } }),
  ];
  const measure = driftMeasureOf(config);
  const found = driftRuns(runs, nets);
  expect(found.map(({ id }) => id)).toEqual(['active', 'known']);
  const cell = (left: number, right: number, by = measure) => driftCell(found, nets, [left, right], by);
  expect(cell(1, 0)).toMatchObject({ state: 'known', result: { cka: 0.9, overlap: 0.5, images: 6 } });
  expect(cell(0, 2).state).toBe('active');
  expect(cell(1, 2).state).toBe('open');
  expect(cell(0, 1, driftMeasureOf({ ...config, neighbours: 5 })).state).toBe('open');
});
