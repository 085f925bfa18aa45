import { expect, test } from 'vitest';
import { createStaticViews, staticViewCount, staticViewModes } from '../../../engine/views/static-views.ts';
import { syntheticPicture } from './picture.ts';

const size = 24;
const picture = syntheticPicture('p97x61', 97, 61);

/** Pixels in which two views differ, as [x, y]. */
function changedPixels(left: Uint8Array, right: Uint8Array): [number, number][] {
  return Array.from({ length: size * size }, (_, pixel) => pixel)
    .filter((pixel) => [0, 1, 2].some((channel) => left[pixel * 3 + channel] !== right[pixel * 3 + channel]))
    .map((pixel) => [pixel % size, Math.floor(pixel / size)]);
}

test.each(staticViewModes)('%s: as many views as it has, the same for the same address', (mode) => {
  const make = createStaticViews(mode, size, 7);
  const first = make(picture, 1, 2);
  expect(first.views).toHaveLength(staticViewCount(mode));
  expect(first.views.every((view) => view.length === size * size * 3)).toBe(true);
  make(picture, 3, 4);
  expect(make(picture, 1, 2)).toEqual(first);
  expect(make(picture, 1, 3).views[0]).not.toEqual(first.views[0]);
  expect(createStaticViews(mode, size, 8)(picture, 1, 2).views[0]).not.toEqual(first.views[0]);
});

test('of a hard pair, what both crops show is replaced: a rectangle; the controls change as much elsewhere', () => {
  const make = createStaticViews('hard', size, 0);
  let measured = 0;
  for (let place = 0; place < 12; place++) {
    const { views, within } = make(picture, 0, place);
    if (!within) continue;
    for (const member of [0, 1]) {
      const [plain, noise, noiseElsewhere, grey, greyElsewhere] = [0, 2, 4, 6, 8].map((view) => views[view + member]!);
      const box = bounds(changedPixels(plain!, grey!));
      const other = bounds(changedPixels(plain!, noise!));
      // A pixel may by chance have had the mean colour, or the noise's: bounds agree but for such a rim.
      expect(Math.abs(box.width - other.width) + Math.abs(box.height - other.height)).toBeLessThanOrEqual(2);
      for (const control of [noiseElsewhere!, greyElsewhere!]) {
        const moved = bounds(changedPixels(plain!, control));
        expect(Math.abs(moved.width - box.width) + Math.abs(moved.height - box.height)).toBeLessThanOrEqual(2);
      }
      const [x, y] = [box.left + (box.width >> 1), box.top + (box.height >> 1)];
      expect(Array.from(grey!.subarray((y * size + x) * 3, (y * size + x) * 3 + 3))).toEqual([124, 116, 104]);
      measured++;
    }
  }
  expect(measured).toBeGreaterThan(10);
});

function bounds(pixels: [number, number][]) {
  const [xs, ys] = [pixels.map(([x]) => x), pixels.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return { left, top, width: Math.max(...xs) - left + 1, height: Math.max(...ys) - top + 1 };
}
