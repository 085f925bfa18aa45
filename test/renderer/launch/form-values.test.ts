import { expect, test } from 'vitest';
import { type Field, fieldsOf } from '../../../common/fields.ts';
import { trainConfig } from '../../../common/jobs/train.ts';
import { fitsSearch, groupsOf, parseText, textOf, withValue } from '../../../renderer/launch/form-values.ts';
import fc from '../../support/fast-check.ts';

const fields = fieldsOf(trainConfig);
const field = (key: string) => fields.find((candidate) => candidate.key === key) as Field;

test('numbers are typed as people write them', () => {
  expect(parseText(field('learningRate'), ' 1e-3 ')).toBe(0.001);
  expect(parseText(field('schedule'), '120 160')).toEqual([120, 160]);
  expect(parseText(field('schedule'), '120, 160,')).toEqual([120, 160]);
});

test('what is no number stays as it was typed, for the check to say so', () => {
  expect(parseText(field('epochs'), 'twenty')).toBe('twenty');
  expect(trainConfig.safeParse({ data: '/x', epochs: parseText(field('epochs'), 'twenty') }).success).toBe(false);
});

test('an emptied field takes its default', () => {
  expect(parseText(field('epochs'), '')).toBeUndefined();
  expect(parseText(field('data'), '  ')).toBeUndefined();
  expect(parseText(field('probe'), '')).toBe('');
  expect(withValue({ epochs: 3, seed: 1 }, 'epochs', undefined)).toEqual({ seed: 1 });
});

test('every number survives being shown and read again', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseText(field('learningRate'), textOf(value))).toBe(value === 0 ? 0 : value);
    }),
  );
});

test('groups keep the order of the definition, and hold every field once', () => {
  const groups = groupsOf(fields);
  expect(groups[0]?.[0]).toBe('Data');
  expect(groups.flatMap(([, members]) => members)).toHaveLength(fields.length);
});

test('a field is found by its flag of the published command', () => {
  expect(fields.filter((candidate) => fitsSearch(candidate, '--moco-t')).map(({ key }) => key)).toEqual([
    'temperature',
  ]);
});
