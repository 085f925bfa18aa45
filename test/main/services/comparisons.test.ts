import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../common/errors.ts';
import { createComparisonService } from '../../../main/services/comparisons.ts';
import { runRecordOf } from '../../support/run-records.ts';
import { temporaryFolder } from '../../support/studio.ts';

function service() {
  const folder = join(temporaryFolder(), 'comparisons');
  const warnings: string[] = [];
  const get = (id: string) => {
    if (!id.startsWith('run')) throw new AppError('not-found', `There is no run ${id}.`);
    return runRecordOf({ id });
  };
  const comparisons = createComparisonService({
    runs: { get },
    folder,
    onWarning: (message) => warnings.push(message),
  });
  return { folder, warnings, comparisons };
}

test('saved under a name, changed under its id, deleted and brought back', () => {
  const { comparisons } = service();
  const made = comparisons.save({ name: ' Second ', runs: ['run1', 'run2'], baseline: 'run2' });
  comparisons.save({ name: 'First', runs: ['run1', 'run2'], baseline: 'run1' });
  expect(comparisons.list().map(({ name }) => name)).toEqual(['First', 'Second']);
  comparisons.save({ ...made, name: 'Third' });
  expect(comparisons.get(made.id)).toEqual({ id: made.id, name: 'Third', runs: ['run1', 'run2'], baseline: 'run2' });

  comparisons.remove(made.id);
  expect(comparisons.list().map(({ name }) => name)).toEqual(['First']);
  expect(comparisons.restore(made.id).name).toBe('Third');
});

test('what cannot be is refused and changes nothing', () => {
  const { comparisons, folder } = service();
  const saved = comparisons.save({ name: 'One', runs: ['run1', 'run2'], baseline: 'run1' });
  const refused = (change: object) => () =>
    comparisons.save({ name: 'Two', runs: ['run1', 'run2'], baseline: 'run1', ...change });
  expect(refused({ name: 'One' })).toThrow('There is a comparison "One" already.');
  expect(refused({ runs: ['run1', 'gone'] })).toThrow('There is no run gone.');
  expect(refused({ baseline: 'run3' })).toThrow('The baseline run3 is none of the compared runs.');
  expect(refused({ runs: ['run1'] })).toThrow();
  expect(() => comparisons.get('../../studio')).toThrow('There is no comparison ../../studio.');
  expect(readdirSync(folder)).toEqual([`${saved.id}.json`]);
});

test('a spoilt file is told of once and keeps none of the others away', () => {
  const { comparisons, folder, warnings } = service();
  comparisons.save({ name: 'One', runs: ['run1', 'run2'], baseline: 'run1' });
  writeFileSync(join(folder, 'spoilt.json'), '{"id": "spoilt"');
  expect([comparisons.list().length, comparisons.list().length]).toEqual([1, 1]);
  expect(warnings).toEqual([expect.stringContaining('spoilt.json cannot be read')]);
});
