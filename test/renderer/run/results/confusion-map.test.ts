import { expect, test } from 'vitest';
import { labelsAround, mapOf, pairNear } from '../../../../renderer/run/results/confusion-map.ts';

const classes = Array.from({ length: 10 }, (_, label) => `class ${label}`);
const file = {
  classes,
  images: classes.map(() => 10),
  correct: classes.map(() => 5),
  confusions: [
    [0, 9, 8],
    [1, 8, 1],
    [4, 2, 2],
  ] as [number, number, number][],
};

test('each class has a row, or several share one; the fullest cell is 1', () => {
  expect(mapOf(file, 400)).toEqual({
    cells: 10,
    values: new Map([
      [9, 1],
      [18, Math.sqrt(1 / 8)],
      [42, 0.5],
    ]),
  });
  expect([...mapOf(file, 5).values]).toEqual([
    [4, 1], // 8 + 1 images
    [11, Math.sqrt(2 / 9)],
  ]);
});

test('the confusion that a place means', () => {
  expect(pairNear(file, 0.6, 9.2, 1)).toEqual([0, 9]);
  expect(pairNear(file, 1.6, 8.2, 1)).toEqual([1, 8]);
  expect(pairNear(file, 6, 6, 1)).toBeUndefined();
});

test('classes around a confusion', () => {
  expect(labelsAround([0, 9], 10, 6)).toEqual([0, 1, 2, 7, 8, 9]);
  expect(labelsAround([4, 4], 10, 3)).toEqual([3, 4, 5]);
  expect(labelsAround([1, 2], 3, 14)).toEqual([0, 1, 2]);
});
