/** Boxes, their overlaps and pairs of crops against ssl-small's own (iou.json, crops.json). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CropPairs } from '../../common/jobs/train.ts';
import { randomAt } from '../../engine/random.ts';
import { randomCropBox } from '../../engine/views/crop.ts';
import { drawCropPair, intersectionOverUnion, isNested, sharedPixels } from '../../engine/views/crop-pairs.ts';
import { overlapInView } from '../../engine/views/overlap.ts';
import type { Box } from '../../engine/views/picture.ts';

type Corners = [top: number, left: number, height: number, width: number];
type Pair = [Corners, Corners, shared: number, overlap: number | 'ZeroDivisionError', nested: boolean];

interface Overlaps {
  pairs: Pair[];
  edge_pairs: Pair[];
  mask: { rows: [Corners, Corners, Corners][] };
}

interface Moments {
  draws: number;
  area_mean: number;
  area_sd: number;
  log_ratio_mean: number;
  top_mean: number;
  left_mean: number;
  height_mean: number;
  width_mean: number;
  distinct_boxes_share: number;
}

interface Crops {
  distributions: (Moments & { sampler: string; image_wh: [number, number]; scale: [number, number] })[];
  modes: Record<
    string,
    {
      lo: number;
      hi: number;
      accepted: number;
      attempts_mean: number;
      iou_mean: number;
      iou_sd: number;
      area_mean: number;
    }
  >;
}

const folder = process.env.CONTRAST_FIXTURES ?? join(import.meta.dirname, '../fixtures');
const read = <Shape>(file: string): Shape => JSON.parse(readFileSync(join(folder, file), 'utf8'));
const overlaps = read<Overlaps>('iou.json');
const crops = read<Crops>('crops.json');

const boxOf = ([top, left, height, width]: Corners): Box => ({ top, left, height, width });
const areaOf = ({ height, width }: Box) => height * width;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function deviation(values: number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Two samples' means agree within four standard errors of each, as the fixtures' note says. */
function agree(values: number[], expected: number, expectedDraws: number, what: string): void {
  const spread = deviation(values);
  const allowed = 4 * spread * (1 / Math.sqrt(values.length) + 1 / Math.sqrt(expectedDraws));
  expect(Math.abs(mean(values) - expected), what).toBeLessThanOrEqual(allowed);
}

test('pixels shared, intersection over union and nesting of boxes', () => {
  for (const [first, second, shared, overlap, nested] of [...overlaps.pairs, ...overlaps.edge_pairs]) {
    const [left, right] = [boxOf(first), boxOf(second)];
    const what = `${first} and ${second}`;
    expect(sharedPixels(left, right), what).toBe(shared);
    const expected = overlap === 'ZeroDivisionError' ? Number.POSITIVE_INFINITY : overlap;
    const actual = intersectionOverUnion(left, right);
    // The file has 9 digits.
    if (Number.isFinite(expected)) expect(Math.abs(actual - expected)).toBeLessThanOrEqual(5e-9 * Math.abs(expected));
    else expect(actual, what).toBe(expected);
    expect(isNested(left, right), what).toBe(nested);
  }
});

test('the rectangle that a view shows of the other crop, cut at its edges', () => {
  for (const [own, other, [top, left, height, width]] of overlaps.mask.rows) {
    const found = overlapInView(boxOf(own), boxOf(other), 224)!;
    const cut = {
      ...found,
      height: Math.min(found.height, 224 - found.top),
      width: Math.min(found.width, 224 - found.left),
    };
    expect(cut, `${own} against ${other}`).toEqual({ top, left, height, width });
  }
});

describe("crops are distributed as those of ssl-small's sampler, which tries twenty times", () => {
  const draws = 10_000;
  test.each(crops.distributions.filter(({ sampler }) => sampler === 'rand_crop'))(
    '$image_wh at scale $scale',
    (expected) => {
      const [width, height] = expected.image_wh;
      const boxes = Array.from({ length: draws }, (_, draw) =>
        randomCropBox(width, height, expected.scale, randomAt(11, 'pair', 0, draw), 20),
      );
      const areas = boxes.map((box) => areaOf(box) / (width * height));
      const check = (values: number[], name: keyof Moments) => agree(values, expected[name], expected.draws, name);
      check(areas, 'area_mean');
      const ratios = boxes.map((box) => Math.log(box.width / box.height));
      check(ratios, 'log_ratio_mean');
      for (const side of ['top', 'left', 'height', 'width'] as const) {
        const values = boxes.map((box) => box[side]);
        check(values, `${side}_mean`);
      }
      // A standard deviation's own standard error is about sd / sqrt(2 draws); 5 % is far beyond it.
      expect(Math.abs(deviation(areas) / expected.area_sd - 1)).toBeLessThan(0.05);
      // How often the central crop is taken tells the number of tries; four standard errors of a share of a half.
      const central = new Set(boxes.map((box) => Object.values(box).join())).size / draws;
      expect(Math.abs(central - expected.distinct_boxes_share)).toBeLessThan(0.02 + 4 * Math.sqrt(0.25 / draws));
    },
  );
});

describe('pairs of crops by their overlap', () => {
  test.each(Object.entries(crops.modes))('%s', (title, expected) => {
    const [mode, size] = title.split(' ') as [CropPairs, string];
    const [width, height] = size.split('x').map(Number) as [number, number];
    const draws = 1000;
    const pairs = Array.from({ length: draws }, (_, draw) =>
      drawCropPair(mode, width, height, [0.2, 1], randomAt(12, 'pair', 0, draw)),
    );
    expect(pairs.every(({ within }) => within)).toBe(true);
    const found = pairs.map(({ boxes }) => intersectionOverUnion(...boxes));
    expect(found.every((overlap) => overlap >= expected.lo && overlap <= expected.hi)).toBe(true);
    expect(pairs.some(({ boxes }) => isNested(...boxes))).toBe(false);
    agree(found, expected.iou_mean, expected.accepted, 'overlap');
    expect(Math.abs(deviation(found) / expected.iou_sd - 1)).toBeLessThan(0.1);
    const attempts = pairs.map(({ attempts }) => attempts);
    agree(attempts, expected.attempts_mean, expected.accepted, 'attempts');
    const areas = pairs.map(({ boxes: [first] }) => areaOf(first) / (width * height));
    agree(areas, expected.area_mean, expected.accepted, 'area');
  });
});
