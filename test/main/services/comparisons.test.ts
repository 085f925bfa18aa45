import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { createComparisonService } from '../../../main/services/comparisons.ts';
import { published } from '../../common/results/sample.ts';
import { runRecordOf } from '../../support/run-records.ts';
import { temporaryFolder } from '../../support/studio.ts';

function service() {
  const folder = join(temporaryFolder(), 'comparisons');
  const warnings: string[] = [];
  const get = (id: string) => {
    if (!id.startsWith('run')) throw new AppError('not-found', `There is no run ${id}.`);
    return runRecordOf({ id });
  };
  const none = (id: string) => {
    throw new AppError('not-found', `There is no checkpoint ${id}.`);
  };
  const comparisons = createComparisonService({
    runs: { get },
    checkpoints: { get: none },
    exports: { published: () => published },
    folder,
    onWarning: (message) => warnings.push(message),
  });
  return { folder, warnings, comparisons };
}

test('saved under a name, changed under its id, deleted and brought back', () => {
  const { comparisons } = service();
  const made = comparisons.save({ name: ' Second ', rows: ['run:run1', 'run:run2'], baseline: 'run:run2' });
  comparisons.save({ name: 'First', rows: ['run:run1', 'run:run2'], baseline: 'run:run1' });
  expect(comparisons.list().map(({ name }) => name)).toEqual(['First', 'Second']);
  comparisons.save({ ...made, name: 'Third' });
  expect(comparisons.get(made.id)).toEqual({
    id: made.id,
    name: 'Third',
    rows: ['run:run1', 'run:run2'],
    baseline: 'run:run2',
  });

  comparisons.remove(made.id);
  expect(comparisons.list().map(({ name }) => name)).toEqual(['First']);
  expect(comparisons.restore(made.id).name).toBe('Third');
});

test('what cannot be is refused and changes nothing', () => {
  const { comparisons, folder } = service();
  const saved = comparisons.save({ name: 'One', rows: ['run:run1', 'run:run2'], baseline: 'run:run1' });
  const refused = (change: object) => () =>
    comparisons.save({ name: 'Two', rows: ['run:run1', 'run:run2'], baseline: 'run:run1', ...change });
  expect(refused({ name: 'One' })).toThrow('There is a comparison "One" already.');
  expect(refused({ rows: ['run:run1', 'run:gone'] })).toThrow('There is no run gone.');
  expect(refused({ rows: ['run:run1', 'checkpoint:abcd'] })).toThrow('There is no checkpoint abcd.');
  expect(refused({ rows: ['run:run1', 'published:nothing'] })).toThrow('There is no published row nothing.');
  expect(refused({ rows: ['run:run1', 'image:1'] })).toThrow('"image:1" names nothing that can be compared.');
  expect(refused({ baseline: 'run:run3' })).toThrow('The baseline run:run3 is none of the compared rows.');
  expect(refused({ rows: ['run:run1'] })).toThrow();
  expect(() => comparisons.get('../../studio')).toThrow('There is no comparison ../../studio.');
  expect(readdirSync(folder)).toEqual([`${saved.id}.json`]);
});

test('a spoilt file is told of once and keeps none of the others away', () => {
  const { comparisons, folder, warnings } = service();
  comparisons.save({ name: 'One', rows: ['run:run1', 'run:run2'], baseline: 'run:run1' });
  writeFileSync(join(folder, 'spoilt.json'), '{"id": "spoilt"');
  expect([comparisons.list().length, comparisons.list().length]).toEqual([1, 1]);
  expect(warnings).toEqual([expect.stringContaining('spoilt.json cannot be read')]);
});

test('what an older studio saved is read as rows that are runs', () => {
  const { comparisons, folder } = service();
  const { id } = comparisons.save({ name: 'One', rows: ['run:run1', 'run:run2'], baseline: 'run:run1' });
  writeFileSync(
    join(folder, `${id}.json`),
    JSON.stringify({ id, name: 'One', runs: ['run1', 'run2'], baseline: 'run2' }),
  );
  expect(comparisons.get(id)).toEqual({ id, name: 'One', rows: ['run:run1', 'run:run2'], baseline: 'run:run2' });
});
