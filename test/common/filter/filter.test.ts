import { describe, expect, test } from 'vitest';
import { type Filterable, type FilterValue, parseFilter } from '../../../common/filter/filter.ts';
import { filterableRun, runFields } from '../../../common/filter/run-fields.ts';
import { FilterError } from '../../../common/filter/tokens.ts';
import fc from '../../support/fast-check.ts';
import { runRecordOf } from '../../support/run-records.ts';

const thing = (values: Record<string, FilterValue>): Filterable => ({
  text: () => Object.values(values).join('\n').toLowerCase(),
  value: (field) => values[field],
});
const run = thing({
  name: 'Demo seed-3',
  arch: 'resnet18',
  epochs: 20,
  knn: 68.5,
  loss: Number.NaN,
  top: Number.POSITIVE_INFINITY,
  cos: true,
});

const matches = (text: string) => parseFilter(text).matches(run);

describe('matches', () => {
  test.each([
    '',
    'RESNET demo',
    'arch = resnet18',
    'arch=ResNet18 epochs=20',
    'epochs >= 20 and knn > 60',
    'knn > 70 or epochs < 100',
    'not knn > 70',
    'name ~ /seed-[0-9]+$/',
    'name ~ SEED',
    'name !~ other',
    'arch != resnet50',
    'missing != x',
    '(knn > 70 or arch = resnet18) and not (epochs = 21)',
    'knn > 70 and epochs = 1 or arch = resnet18',
    'cos = true',
    'loss = nan',
    '"demo seed"',
  ])('%s', (text) => expect(matches(text)).toBe(true));
});

describe('does not match', () => {
  test.each([
    'resnet mobile',
    'arch = resnet',
    'epochs > 20',
    'loss > 0',
    'loss < 0',
    'loss != 0',
    'top > 1',
    'missing = x',
    'missing < x',
    'missing > 1',
    'not demo',
    'arch = resnet18 and (knn > 70 or epochs > 30)',
    'epochs = "20x"',
  ])('%s', (text) => expect(matches(text)).toBe(false));
});

describe('is refused with the place', () => {
  test.each([
    ['(knn > 60', 'at character 1: "(" is not closed'],
    ['knn > 60)', 'at character 9: ")" closes nothing'],
    ['knn >', 'at character 5: ">" is followed by no value'],
    ['a and', 'at character 6: a condition is missing'],
    ['> 3', 'at character 1: a field or a word is missing'],
    ['name ~ /(/', 'at character 8: Invalid regular expression'],
    ['name ~ /a', 'at character 8: a pattern is not closed'],
    ['name = /a/', 'a pattern is compared by "~"'],
    ['"a', 'at character 1: a quotation is not closed'],
    ['a ! b', 'at character 3: "!" stands alone'],
  ])('%s', (text, message) => expect(() => parseFilter(text)).toThrow(message));

  test('a field that nothing has, with the nearest', () => {
    expect(() => parseFilter('epoch > 3', new Set(['epochs', 'arch']))).toThrow(
      'there is no field "epoch", but "epochs"',
    );
    expect(() => parseFilter('zzz > 3', new Set(['epochs']))).toThrow('there is no field "zzz".');
  });
});

test('any text is read or refused, never worse', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    'and',
    'or',
    'not',
    '=',
    '~',
    '/a/',
    '"x"',
    'knn',
    '>',
    '3',
    '!',
    ' ',
    '"',
    '/',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      try {
        expect(typeof matches(pieces.join(' '))).toBe('boolean');
      } catch (thrown) {
        expect((thrown as Error).name).toBe('AppError');
      }
    }),
    { numRuns: 500 },
  );
});

test('what does not parse names the place, which is marked', () => {
  const placeOf = (text: string) => {
    try {
      parseFilter(text, new Set(['arch']));
    } catch (thrown) {
      return thrown instanceof FilterError ? thrown.at : thrown;
    }
    return 'it parses';
  };
  expect(placeOf('arch = resnet18 and (')).toBe(21);
  expect(placeOf('arch = a and archs = b')).toBe(13);
  expect(placeOf('arch ~ /(/')).toBe(7);
});

test('values of points are fields of runs whose series is one', () => {
  const run = runRecordOf({ id: 'a', last: { 'probe/top1': 50 }, measured: { 'at20:probe/top1': 40 } });
  const fields = runFields([run]);
  expect(parseFilter('at20:probe/top1 = 40', fields).matches(filterableRun(run))).toBe(true);
  expect(parseFilter('mean5:probe/top1 > 0', fields).matches(filterableRun(run))).toBe(false); // it was not asked for
  expect(() => parseFilter('at20:probe/top5 > 0', fields)).toThrow('there is no field "at20:probe/top5"');
});
