import { describe, expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { drawHiddenCells, hideCells } from '../../../engine/views/hide-and-seek.ts';
import { chiSquare } from './statistics.ts';

describe('what is drawn', () => {
  const draws = Array.from({ length: 8000 }, (_, draw) => drawHiddenCells(0.3, randomAt(7, 'view', draw)));

  test('none, 16, 8 and 4 cells along a side are equally likely', () => {
    const counts = [0, 16, 8, 4].map((grid) => draws.filter(({ cells }) => cells === grid).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(draws.length);
    // Chi-square with 3 degrees of freedom exceeds 16.3 once in a thousand.
    expect(chiSquare(counts)).toBeLessThan(16.3);
  });

  test('each cell is hidden with the probability, at every place', () => {
    for (const grid of [16, 8, 4]) {
      const grids = draws.filter(({ cells }) => cells === grid);
      const shares = Array.from(
        { length: grid * grid },
        (_, cell) => grids.filter(({ hidden }) => hidden[cell] === 1).length / grids.length,
      );
      const all = shares.reduce((sum, share) => sum + share) / shares.length;
      const error = Math.sqrt((0.3 * 0.7) / grids.length);
      expect(Math.abs(all - 0.3)).toBeLessThan((4 * error) / grid);
      // Of 256 places one is beyond 4.5 standard errors less than twice in a thousand.
      for (const share of shares) expect(Math.abs(share - 0.3)).toBeLessThan(4.5 * error);
    }
  });
});

describe('hidden cells', () => {
  const size = 224;

  test.each([
    [16, 14],
    [8, 28],
    [4, 56],
  ])('%i along a side are of %i px at 224 px, as published', (cells, side) => {
    const random = randomAt(8, 'mask', cells);
    const hidden = Uint8Array.from({ length: cells * cells }, () => random.integer(2));
    const offset = 5;
    const view = new Float32Array(size * size * 3 + offset).fill(1);
    hideCells(view, offset, size, { cells, hidden });
    let wrong = 0;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const expected = hidden[Math.floor(y / side) * cells + Math.floor(x / side)] === 1 ? 0 : 1;
        for (let channel = 0; channel < 3; channel++) {
          if (view[offset + (y * size + x) * 3 + channel] !== expected) wrong++;
        }
      }
    }
    expect(wrong).toBe(0);
    expect([...view.subarray(0, offset)]).toEqual(new Array(offset).fill(1));
  });

  test('cover a view of any size without a gap', () => {
    for (const size of [32, 33, 96, 100]) {
      const view = new Float32Array(size * size * 3).fill(1);
      hideCells(view, 0, size, { cells: 16, hidden: new Uint8Array(256).fill(1) });
      expect(view.every((value) => value === 0)).toBe(true);
    }
  });

  test('nothing is hidden without a grid', () => {
    const view = new Float32Array(32 * 32 * 3).fill(1);
    hideCells(view, 0, 32, { cells: 0, hidden: new Uint8Array(0) });
    expect(view.every((value) => value === 1)).toBe(true);
  });
});
