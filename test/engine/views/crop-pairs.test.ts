import { describe, expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { drawCropPair, intersectionOverUnion, sharedPixels } from '../../../engine/views/crop-pairs.ts';
import type { Box } from '../../../engine/views/picture.ts';
import { chiSquare, countsOf } from './statistics.ts';

const width = 101;
const height = 77;

describe('two quarters', () => {
  const pairs = Array.from(
    { length: 12_000 },
    (_, draw) => drawCropPair('nointer', width, height, [0.9, 1], randomAt(1, 'pair', draw)).boxes,
  );
  /** Which corner's quarter a box lies in, of 50 x 38 pixels each; -1 for none. */
  const quarterOf = ({ top, left, height: high, width: wide }: Box) => {
    const row = top + high <= 38 ? 0 : top >= 39 && top + high <= 77 ? 1 : -1;
    const column = left + wide <= 50 ? 0 : left >= 51 && left + wide <= 101 ? 1 : -1;
    return row < 0 || column < 0 ? -1 : row * 2 + column;
  };

  test('each in one, never the same, all twelve orders alike', () => {
    const orders = pairs.map(([first, second]) => quarterOf(first) * 4 + quarterOf(second));
    const different = countsOf(orders, 16).filter((_, order) => Math.floor(order / 4) !== order % 4);
    expect(different.reduce((sum, count) => sum + count)).toBe(pairs.length);
    // Chi-square with 11 degrees of freedom exceeds 31.3 once in a thousand.
    expect(chiSquare(different)).toBeLessThan(31.3);
  });

  test('of 0.4 to 1 of a quarter, whatever the scale', () => {
    const areas = pairs.flat().map((box) => (box.height * box.width) / (50 * 38));
    // Sides are rounded to whole pixels, by half of one at most: 2 % of the area at these sizes.
    expect(Math.min(...areas)).toBeGreaterThan(0.38);
    expect(Math.max(...areas)).toBeLessThanOrEqual(1);
  });
});

test('independent crops are not looked at', () => {
  const { boxes, attempts, within } = drawCropPair('independent', width, height, [1, 1], randomAt(2, 'pair'));
  expect([attempts, within]).toEqual([1, true]);
  expect(sharedPixels(...boxes)).toBeGreaterThan(0);
});

test('where no pair can be within the limits, the last one is taken and it is said', () => {
  const { boxes, attempts, within } = drawCropPair('hard', width, height, [0.95, 1], randomAt(3, 'pair'));
  expect([attempts, within]).toEqual([1001, false]);
  expect(intersectionOverUnion(...boxes)).toBeGreaterThan(0.25);
});
