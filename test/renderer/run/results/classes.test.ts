import { expect, test } from 'vitest';
import type { ConfusionFile } from '../../../../common/confusion.ts';
import { classesOf, classRows, confusedPairs, countsOf } from '../../../../renderer/run/results/classes.ts';

const file: ConfusionFile = {
  classes: ['cat', 'dog', 'big cat', 'nothing'],
  images: [10, 4, 5, 0],
  correct: [6, 4, 0, 0],
  confusions: [
    [2, 0, 5],
    [0, 2, 3],
    [0, 1, 1],
  ],
};

test('the worst class comes first; one without images is left out', () => {
  expect(classRows(file).map(({ name, accuracy }) => [name, accuracy])).toEqual([
    ['big cat', 0],
    ['cat', 60],
    ['dog', 100],
  ]);
});

test('beside a baseline the class that lost most comes first, matched by its name', () => {
  const baseline = { ...file, classes: ['dog', 'cat', 'big cat', 'x'], images: [4, 10, 5, 0], correct: [2, 9, 1, 0] };
  expect(classRows(file, baseline).map(({ name, drop }) => [name, drop])).toEqual([
    ['cat', 30],
    ['big cat', 20],
    ['dog', -50],
  ]);
});

test('a class that the baseline does not know comes last', () => {
  const baseline = { classes: ['dog'], images: [4], correct: [1], confusions: [] };
  const rows = classRows(file, baseline);
  expect(rows.map(({ name, drop }) => [name, drop])).toEqual([
    ['dog', -75],
    ['big cat', null],
    ['cat', null],
  ]);
});

test('confusions of the classes that have all words, most frequent first', () => {
  expect(confusedPairs(file, '').map(({ images }) => images)).toEqual([5, 3, 1]);
  expect(confusedPairs(file, 'DOG')).toEqual([{ label: 0, guess: 1, images: 1, of: 10 }]);
  expect(confusedPairs(file, 'cat big')).toHaveLength(2);
  expect(confusedPairs(file, 'horse')).toEqual([]);
});

test('a matrix has the classes of the first confusions, and its rows add up', () => {
  const pairs = confusedPairs(file, '');
  expect(classesOf(pairs, 2)).toEqual([0, 2]);
  expect(classesOf(pairs, 14)).toEqual([0, 1, 2]);
  const countOf = countsOf(file);
  for (const label of [0, 1, 2]) {
    const row = [0, 1, 2, 3].map((guess) => countOf(label, guess));
    expect(row.reduce((sum, count) => sum + count, 0)).toBe(file.images[label]);
  }
});
