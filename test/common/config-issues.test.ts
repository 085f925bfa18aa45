import { expect, test } from 'vitest';
import { typeIssues } from '../../common/config-issues.ts';

const said = (values: Record<string, unknown>) =>
  typeIssues('train', { data: '/data', ...values }).map(({ field, message }) => [field, message]);

test('a value of the wrong type is named, with what it must be and one that would do', () => {
  expect(said({ epochs: 'many' })).toEqual([
    ['epochs', 'Epochs is "many"; it must be a whole number from 1 on, such as 200.'],
  ]);
  expect(said({ epochs: 1.5 })[0]![1]).toBe('Epochs is 1.5; it must be a whole number from 1 on, such as 200.');
  expect(said({ learningRate: '0,03' })[0]![1]).toMatch(
    /^Learning rate is "0,03"; it must be a number.*such as 0\.\d+\.$/,
  );
  expect(said({ keyMomentum: 2 })[0]![1]).toMatch(/is 2; it must be at most 1\.$/);
  expect(said({ temperature: 0 })[0]![1]).toMatch(/is 0; it must be above 0\.$/);
  expect(said({ schedule: 'late' })[0]![1]).toMatch(/is "late"; it must be whole numbers, such as \d+, \d+\.$/);
  expect(said({ cos: 'maybe' })[0]![1]).toMatch(/is "maybe"; it must be on \(true\) or off \(false\)\.$/);
  expect(said({ arch: 7 })[0]![1]).toMatch(/is 7; it must be one of resnet18, /);
  expect(said({ data: 7 })[0]![1]).toMatch(/is 7; it must be a text\.$/);
  expect(said({ epoch: 1 })[0]![1]).toBe('There is no field epoch.');
});

test('nothing of the library that checks the types shows through', () => {
  for (const key of ['epochs', 'learningRate', 'arch', 'cos', 'schedule', 'stem', 'bnSplits', 'imageSize']) {
    for (const value of ['x', true, 1.5, -1e9, [], {}, [1.5]]) {
      for (const [, message] of said({ [key]: value })) {
        expect(message).not.toMatch(/Invalid|expected|received|Too (small|big)|NaN/);
      }
    }
  }
});
