import { expect, test } from 'vitest';
import { percent, wordsOf } from '../../../renderer/augmentations/view-words.ts';

const image = { width: 200, height: 100 };
const box = { top: 10, left: 20, height: 50, width: 40 };

test('every parameter in the order in which it is applied', () => {
  const words = wordsOf(
    {
      box,
      colour: [
        { operation: 'hue', factor: -0.1 },
        { operation: 'brightness', factor: 1.234 },
        { operation: 'greyscale', factor: 1 },
      ],
      sigma: 1.5,
      overlap: { top: 0, left: 0, height: 12, width: 8 },
      flip: true,
      hidden: { cells: 4, count: 5 },
    },
    image,
  );
  expect(words).toEqual([
    'Crop: 10 % of the image, 40 × 50 px at 20, 10',
    'Hue −36°',
    'Brightness × 1.23',
    'Grey',
    'Blur: σ 1.50 px',
    'Overlap replaced: 8 × 12 px of the view',
    'Mirrored',
    'Hidden: 5 of 16 cells',
  ]);
});

test('what was not done is not told of, but for colours, which one looks for', () => {
  expect(wordsOf({ box, colour: [], flip: false, hidden: { cells: 0, count: 0 } }, image)).toEqual([
    'Crop: 10 % of the image, 40 × 50 px at 20, 10',
    'Colours as they are',
    'Hide-and-Seek: no cells this time',
  ]);
  expect(wordsOf(null, image)).toHaveLength(1);
});

test('a little is not nothing', () => {
  expect([0, 0.001, 0.005, 0.5, 1].map(percent)).toEqual(['0 %', '< 1 %', '1 %', '50 %', '100 %']);
});
