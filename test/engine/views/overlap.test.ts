import { describe, expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { dropPixels, elsewhere, fillWithMean, fillWithNoise, overlapInView } from '../../../engine/views/overlap.ts';
import type { Box } from '../../../engine/views/picture.ts';
import { chiSquare, countsOf } from './statistics.ts';

const size = 20;
const box: Box = { top: 3, left: 5, height: 4, width: 10 };
const isInside = ({ top, left, height, width }: Box, pixel: number) => {
  const [y, x] = [Math.floor(pixel / size), pixel % size];
  return y >= top && y < top + height && x >= left && x < left + width;
};
const greyView = () => new Uint8Array(size * size * 3).fill(77);

/** Pixels with a byte that is not 77. */
const changedPixels = (data: Uint8Array) =>
  Array.from({ length: size * size }, (_, pixel) => pixel).filter((pixel) =>
    data.subarray(pixel * 3, pixel * 3 + 3).some((value) => value !== 77),
  );

test('crops that only touch share nothing, the same crop everything', () => {
  const left = { top: 0, left: 0, height: 10, width: 10 };
  expect(overlapInView(left, { ...left, left: 10 }, size)).toBeUndefined();
  expect(overlapInView(left, left, size)).toEqual({ top: 0, left: 0, height: size, width: size });
  // A pixel in the corner of a large crop still takes a pixel of the view.
  expect(overlapInView({ ...left, height: 500, width: 500 }, { ...left, height: 1, width: 1 }, size)).toEqual({
    ...{ top: 0, left: 0, height: 1, width: 1 },
  });
});

describe('what is shared', () => {
  test('turns into the mean colour, nothing else does; beyond the edge there is nothing', () => {
    const data = greyView();
    fillWithMean(data, size, box);
    expect(changedPixels(data)).toEqual(
      Array.from({ length: size * size }, (_, pixel) => pixel).filter((pixel) => isInside(box, pixel)),
    );
    expect([...data.subarray((3 * size + 5) * 3, (3 * size + 6) * 3)]).toEqual([124, 116, 104]);
    const corner = greyView();
    fillWithMean(corner, size, { top: 18, left: 18, height: 5, width: 5 });
    expect(changedPixels(corner)).toHaveLength(4);
  });

  test('turns into noise: 0 to 254, all alike', () => {
    const all: number[] = [];
    for (let draw = 0; draw < 60; draw++) {
      const data = greyView();
      fillWithNoise(data, size, { top: 0, left: 0, height: size, width: size }, randomAt(4, 'noise', draw));
      all.push(...data);
    }
    expect(Math.max(...all)).toBe(254);
    // Chi-square with 254 degrees of freedom exceeds 328 once in a thousand.
    expect(chiSquare(countsOf(all, 255))).toBeLessThan(328);
    const data = greyView();
    fillWithNoise(data, size, box, randomAt(4, 'noise'));
    expect(changedPixels(data).every((pixel) => isInside(box, pixel))).toBe(true);
  });

  test('loses pixels to the mean of the view, each with its probability', () => {
    const offset = 6;
    let dropped = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round++) {
      const random = randomAt(5, 'view', round);
      const before = Float32Array.from({ length: size * size * 3 + offset }, () => random.normal());
      const means = [0, 1, 2].map((channel) => {
        let sum = 0;
        for (let pixel = 0; pixel < size * size; pixel++) sum += before[offset + pixel * 3 + channel]!;
        return Math.fround(sum / (size * size));
      });
      const view = before.slice();
      dropPixels(view, offset, size, box, 0.3, random);
      for (let pixel = 0; pixel < size * size; pixel++) {
        const now = view.slice(offset + pixel * 3, offset + pixel * 3 + 3);
        if (now.every((value, channel) => value === before[offset + pixel * 3 + channel])) continue;
        expect(isInside(box, pixel)).toBe(true);
        expect([...now]).toEqual(means);
        dropped++;
      }
    }
    const pixels = rounds * box.height * box.width;
    // Four standard errors of a share.
    expect(Math.abs(dropped / pixels - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / pixels));
  });
});

test('the control lies anywhere in the view, all places alike', () => {
  const draws = Array.from({ length: 17_000 }, (_, draw) => elsewhere(box, size, randomAt(6, 'place', draw)));
  expect(draws.every(({ height, width }) => height === 4 && width === 10)).toBe(true);
  // Chi-square with 16 and 10 degrees of freedom exceeds 39.3 and 29.6 once in a thousand.
  expect(
    chiSquare(
      countsOf(
        draws.map(({ top }) => top),
        17,
      ),
    ),
  ).toBeLessThan(39.3);
  expect(
    chiSquare(
      countsOf(
        draws.map(({ left }) => left),
        11,
      ),
    ),
  ).toBeLessThan(29.6);
});
