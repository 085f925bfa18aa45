import { expect, test } from 'vitest';
import { sweepWords } from '../../common/command-line.ts';
import { expandSweep, parseValues, parseVariation, sweptField, sweptName, type Variation } from '../../common/sweep.ts';
import fc from '../support/fast-check.ts';

const values = (field: string, text: string) => parseValues(sweptField('train', field), text);
const expand = (
  variations: Variation[],
  seeds = 1,
  config: Record<string, unknown> = { learningRate: 0.03, seed: 0 },
) => expandSweep({ kind: 'train', config, variations, seeds });

test('lists of numbers, choices and switches; a value given twice counts once', () => {
  expect(values('lr', '0.03, 0.06,1e-3')).toEqual([0.03, 0.06, 0.001]);
  expect(values('learningRate', '0.1, .1, 0.10')).toEqual([0.1]);
  expect(values('arch', 'resnet18, resnet50')).toEqual(['resnet18', 'resnet50']);
  expect(values('cos', 'on, off')).toEqual([true, false]);
});

test('ranges are what their formulas say, ends included', () => {
  expect(values('lr', '0.1..0.5 x 5')).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  expect(values('lr', '0.01..1 x 3 log')).toEqual([0.01, 0.1, 1]);
  const [, middle] = values('lr', '0.01..0.1 x 3 log');
  expect(middle).toBeCloseTo(Math.sqrt(0.01 * 0.1), 12); // the geometric mean of the ends
  expect(values('lr', '0.1..0.3 by 0.1')).toEqual([0.1, 0.2, 0.3]);
  expect(values('epochs', '3..5')).toEqual([3, 4, 5]);
  expect(values('epochs', '5..3')).toEqual([5, 4, 3]);
  expect(values('batch-size', '16..256x5 log')).toEqual([16, 32, 64, 128, 256]);
  expect(values('epochs', '1..3 x 7')).toEqual([1, 2, 3]); // whole numbers, each once
  expect(values('lr', '0.5, 0.1..0.3 x 2')).toEqual([0.5, 0.1, 0.3]);
});

test('a logarithmic range has equal ratios, a plain one equal distances', () => {
  const end = fc.double({ min: 1e-4, max: 10, noNaN: true });
  fc.assert(
    fc.property(end, end, fc.integer({ min: 3, max: 9 }), (from, to, count) => {
      fc.pre(Math.abs(to / from - 1) > 0.01);
      const plain = values('lr', `${from}..${to} x ${count}`) as number[];
      const log = values('lr', `${from}..${to} x ${count} log`) as number[];
      expect(plain).toHaveLength(count);
      expect(log).toHaveLength(count);
      for (let i = 1; i < count; i++) {
        // Values are rounded to 12 digits.
        expect(plain[i]! - plain[i - 1]!).toBeCloseTo((to - from) / (count - 1), 9);
        expect(log[i]! / log[i - 1]!).toBeCloseTo((to / from) ** (1 / (count - 1)), 6);
      }
    }),
  );
});

test('as many runs as the product of the counts, each combination once, the seed changing fastest', () => {
  const runs = expand(
    [
      { field: 'lr', values: '0.03, 0.06' },
      { field: 'temperature', values: '0.1..0.3 x 3' },
    ],
    4,
  );
  expect(runs).toHaveLength(2 * 3 * 4);
  const keys = runs.map(({ config }) => `${config.learningRate} ${config.temperature} ${config.seed}`);
  expect(new Set(keys).size).toBe(24);
  expect(keys.slice(0, 5)).toEqual(['0.03 0.1 0', '0.03 0.1 1', '0.03 0.1 2', '0.03 0.1 3', '0.03 0.2 0']);
  expect(expand([])).toEqual([{ config: { learningRate: 0.03, seed: 0 }, changes: '' }]);
});

test('runs are called by what differs', () => {
  const runs = expand([{ field: 'lr', values: '0.03, 0.06' }], 2, { learningRate: 0.03, seed: 5 });
  expect(runs.map(({ changes }) => changes)).toEqual([
    'lr 0.03, seed 5',
    'lr 0.03, seed 6',
    'lr 0.03→0.06, seed 5',
    'lr 0.03→0.06, seed 6',
  ]);
  expect(sweptName('Demo', runs[3]!.changes)).toBe('Demo · lr 0.03→0.06, seed 6');
  expect(sweptName('Demo', '')).toBe('Demo');
});

test('as it is written at the command line', () => {
  expect(parseVariation('lr=0.03,0.06')).toEqual({ field: 'lr', values: '0.03,0.06' });
  expect(parseVariation('--arch = resnet18')).toEqual({ field: 'arch', values: ' resnet18' });
  expect(() => parseVariation('lr 0.03')).toThrow('"lr 0.03" is no variation.');
});

test('what cannot be read is named, with why', () => {
  expect(() => values('lr', '')).toThrow('it needs at least one value');
  expect(() => values('lr', '0.1,,0.2')).toThrow('there is nothing between two commas');
  expect(() => values('lr', '0.1, fast')).toThrow('Learning rate, "fast": it is not a number.');
  expect(() => values('lr', '0.1..0.2')).toThrow('say how many values');
  expect(() => values('lr', '0..0.2 x 3 log')).toThrow('needs ends above 0');
  expect(() => values('lr', '0.1..0.2 x 1')).toThrow('a range has 2 to 1000 values');
  expect(() => values('lr', '0.1..0.2 by 0')).toThrow('the distance must be above 0');
  expect(() => values('epochs', '2.5')).toThrow('it is not a whole number');
  expect(() => values('arch', 'resnet81')).toThrow('did you mean resnet18?');
  expect(() => values('cos', 'maybe')).toThrow('it is on or off');
  expect(() => sweptField('train', 'learningRat')).toThrow('There is no setting "learningRat" to vary.');
  expect(() => sweptField('train', 'probe')).toThrow('cannot be varied');
  const lr = { field: 'lr', values: '0.1' };
  expect(() => expand([lr, { field: 'learningRate', values: '1' }])).toThrow('Learning rate is varied twice.');
  expect(() => expand([{ field: 'seed', values: '1,2' }], 2)).toThrow('Seed is varied twice.');
  expect(() =>
    expand([
      { field: 'seed', values: '0..999' },
      { field: 'cos', values: 'on, off' },
    ]),
  ).toThrow('2000 runs');
  expect(() => expand([lr], 0)).toThrow('The number of seeds is 0');
});

test('the command of a sweep is read as it was written', () => {
  const variations = [
    { field: 'learningRate', values: '0.01..0.1 x 3 log' },
    { field: 'arch', values: 'resnet18,resnet50' },
    { field: '', values: '' }, // a row of the form that is not filled in yet
  ];
  expect(sweepWords({ variations, seeds: 3 })).toBe(
    "--sweep 'learningRate=0.01..0.1 x 3 log' --sweep arch=resnet18,resnet50 --seeds 3 --enqueue",
  );
});
