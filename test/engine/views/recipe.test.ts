import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { randomCropBox } from '../../../engine/views/crop.ts';
import { overlapInView } from '../../../engine/views/overlap.ts';
import { drawView, type PairConfig, type ViewConfig, type ViewParameters } from '../../../engine/views/recipe.ts';
import { uniformDistance } from './statistics.ts';

interface CropDistribution {
  sampler: string;
  image_wh: [number, number];
  scale: [number, number];
  ratio: [number, number];
  draws: number;
  area_mean: number;
  area_sd: number;
  area_min: number;
  area_max: number;
  log_ratio_mean: number;
  log_ratio_sd: number;
  top_mean: number;
  left_mean: number;
  height_mean: number;
  width_mean: number;
  distinct_boxes_share: number;
}
const crops: { distributions: CropDistribution[] } = JSON.parse(
  readFileSync(join(process.env.CONTRAST_FIXTURES ?? 'test/fixtures', 'crops.json'), 'utf8'),
);

const draws = 20_000;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
function deviation(values: number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** Two samples' means agree within four standard errors of each, as the fixtures' note says. */
function agree(values: number[], expected: number, expectedDraws: number): void {
  const spread = deviation(values);
  const allowed = 4 * spread * (1 / Math.sqrt(values.length) + 1 / Math.sqrt(expectedDraws));
  expect(Math.abs(mean(values) - expected)).toBeLessThanOrEqual(allowed);
}

describe('random crops are distributed as torchvision’s', () => {
  const ours = crops.distributions.filter(
    ({ sampler, ratio }) =>
      sampler === 'RandomResizedCrop' && Math.abs(ratio[0] - 3 / 4) < 1e-6 && Math.abs(ratio[1] - 4 / 3) < 1e-6,
  );
  test.each(ours)('$image_wh at scale $scale', (expected) => {
    const [width, height] = expected.image_wh;
    const boxes = Array.from({ length: draws }, (_, draw) => {
      return randomCropBox(width, height, expected.scale, randomAt(5, 'view', 0, draw, 0));
    });
    const areas = boxes.map((box) => (box.width * box.height) / (width * height));
    agree(areas, expected.area_mean, expected.draws);
    agree(
      boxes.map((box) => Math.log(box.width / box.height)),
      expected.log_ratio_mean,
      expected.draws,
    );
    agree(
      boxes.map(({ top }) => top),
      expected.top_mean,
      expected.draws,
    );
    agree(
      boxes.map(({ left }) => left),
      expected.left_mean,
      expected.draws,
    );
    agree(
      boxes.map((box) => box.height),
      expected.height_mean,
      expected.draws,
    );
    agree(
      boxes.map((box) => box.width),
      expected.width_mean,
      expected.draws,
    );
    // A standard deviation's own standard error is about sd / sqrt(2 draws); 5 % is far beyond it.
    expect(deviation(areas) / expected.area_sd).toBeCloseTo(1, 1);
    const distinct = new Set(boxes.map((box) => Object.values(box).join()));
    expect(distinct.size / draws).toBeGreaterThan(expected.distinct_boxes_share - 0.01);
    for (const box of boxes) {
      expect(box.top >= 0 && box.left >= 0 && box.top + box.height <= height && box.left + box.width <= width).toBe(
        true,
      );
    }
  });

  test('areas are uniform, proportions log-uniform, places uniform where every try fits', () => {
    const side = 4000; // so large that rounding to whole pixels does not show
    const boxes = Array.from({ length: draws }, (_, draw) =>
      randomCropBox(side, side, [0.05, 0.14], randomAt(6, 'view', 0, draw, 0)),
    );
    const farthest = Math.log(4 / 3);
    const areas = boxes.map((box) => (box.width * box.height) / side ** 2);
    expect(uniformDistance(areas, 0.05, 0.14)).toBeLessThan(1.95);
    const ratios = boxes.map((box) => Math.log(box.width / box.height));
    expect(uniformDistance(ratios, -farthest, farthest)).toBeLessThan(1.95);
    const tops = boxes.map(({ top, height }) => (top + 0.5) / (side - height + 1));
    expect(uniformDistance(tops, 0, 1)).toBeLessThan(1.95);
    const lefts = boxes.map(({ left, width }) => (left + 0.5) / (side - width + 1));
    expect(uniformDistance(lefts, 0, 1)).toBeLessThan(1.95);
  });

  test('a picture too narrow for any try gets its largest central crop', () => {
    expect(randomCropBox(1000, 10, [1, 1], randomAt(0, 'view', 0))).toEqual({
      top: 0,
      left: 493,
      height: 10,
      width: 13,
    });
    expect(randomCropBox(10, 1000, [1, 1], randomAt(0, 'view', 0))).toEqual({
      top: 493,
      left: 0,
      height: 13,
      width: 10,
    });
  });
});

const config: ViewConfig = {
  preset: 'ssl-small',
  imageSize: 224,
  cropScale: [0.2, 1],
  jitter: 1,
  greyScale: 0.3,
  gaussianBlur: 0.6,
  flip: 0.5,
};

function drawMany(change: Partial<ViewConfig>): ViewParameters[] {
  return Array.from({ length: draws }, (_, draw) =>
    drawView({ ...config, ...change }, 500, 375, randomAt(1, 'view', 0, draw, 0)),
  );
}

const share = (views: ViewParameters[], which: (view: ViewParameters) => boolean) =>
  views.filter(which).length / views.length;
const jittered = (view: ViewParameters) => view.colour.some(({ operation }) => operation === 'hue');
const grey = (view: ViewParameters) => view.colour.some(({ operation }) => operation === 'greyscale');
const factors = (views: ViewParameters[], operation: string) =>
  views.flatMap(({ colour }) => colour.filter((step) => step.operation === operation).map(({ factor }) => factor));

function expectUniform(values: number[], low: number, high: number): void {
  expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
  expect(Math.max(...values)).toBeLessThanOrEqual(high);
  expect(uniformDistance(values, low, high)).toBeLessThan(1.95);
}

// Four standard errors of a share at 20,000 draws: 4 * sqrt(0.25 / 20000).
const shareTolerance = 0.0142;
const expectShare = (actual: number, expected: number) =>
  expect(Math.abs(actual - expected)).toBeLessThan(shareTolerance);

describe('ssl-small', () => {
  const views = drawMany({});

  test('each part comes as often as it should', () => {
    expectShare(share(views, jittered), 0.8);
    expectShare(share(views, grey), 0.3);
    expectShare(
      share(views, ({ sigma }) => sigma !== undefined),
      0.6,
    );
    expectShare(
      share(views, ({ flip }) => flip),
      0.5,
    );
  });

  test('jitter factors are uniform, the hue’s within its cap', () => {
    for (const operation of ['brightness', 'contrast', 'saturation'])
      expectUniform(factors(views, operation), 0.2, 1.8);
    expectUniform(factors(views, 'hue'), -0.4, 0.4);
    const strong = drawMany({ jitter: 1.5 });
    expectUniform(factors(strong, 'brightness'), 0, 2.2); // 1 - 1.2 would be negative
    expectUniform(factors(strong, 'hue'), -0.5, 0.5);
  });

  test('blur is uniform in 0.1 .. 2 pixels', () => {
    expectUniform(
      views.flatMap(({ sigma }) => sigma ?? []),
      0.1,
      2,
    );
  });

  test('all 24 orders of the jitter are equally likely, grey comes after', () => {
    const orders = new Map<string, number>();
    const withJitter = views.filter(jittered);
    for (const { colour } of withJitter) {
      const order = colour
        .slice(0, 4)
        .map(({ operation }) => operation)
        .join();
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    const expected = withJitter.length / 24;
    // Chi-square with 23 degrees of freedom exceeds 49.7 once in a thousand.
    const chiSquare = [...orders.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(49.7);
    expect(withJitter.filter(grey).every(({ colour }) => colour[4]?.operation === 'greyscale')).toBe(true);
  });

  test('the parts are drawn independently', () => {
    expectShare(share(views.filter(jittered), grey), 0.3);
    expectShare(
      share(views.filter(grey), ({ flip }) => flip),
      0.5,
    );
    expectShare(
      share(
        views.filter(({ flip }) => flip),
        ({ sigma }) => sigma !== undefined,
      ),
      0.6,
    );
  });
});

describe('the other presets keep to their papers, whatever the other settings', () => {
  test('v2', () => {
    const views = drawMany({ preset: 'moco-v2', greyScale: 0, gaussianBlur: 0, jitter: 0 });
    expectShare(share(views, jittered), 0.8);
    expectShare(share(views, grey), 0.2);
    expectShare(
      share(views, ({ sigma }) => sigma !== undefined),
      0.5,
    );
    expectUniform(factors(views, 'contrast'), 0.6, 1.4);
    expectUniform(factors(views, 'hue'), -0.1, 0.1);
  });

  test('SimCLR: jitter of 0.8, 0.8, 0.8, 0.2', () => {
    const views = drawMany({ preset: 'simclr', greyScale: 0, gaussianBlur: 0, jitter: 0 });
    expectShare(share(views, jittered), 0.8);
    expectShare(share(views, grey), 0.2);
    expectShare(
      share(views, ({ sigma }) => sigma !== undefined),
      0.5,
    );
    for (const operation of ['brightness', 'contrast', 'saturation'])
      expectUniform(factors(views, operation), 0.2, 1.8);
    expectUniform(factors(views, 'hue'), -0.2, 0.2);
  });

  test('SwAV: the colours of MoCo v2', () => {
    const [views, v2] = [drawMany({ preset: 'swav' }), drawMany({ preset: 'moco-v2' })];
    expect(views.slice(0, 100)).toEqual(v2.slice(0, 100));
  });

  test('v1: grey before a jitter that is always there, and no blur', () => {
    const views = drawMany({ preset: 'moco-v1', gaussianBlur: 1 });
    expect(share(views, jittered)).toBe(1);
    expectShare(share(views, grey), 0.2);
    expect(share(views, ({ sigma }) => sigma !== undefined)).toBe(0);
    expectUniform(factors(views, 'saturation'), 0.6, 1.4);
    expectUniform(factors(views, 'hue'), -0.4, 0.4);
    expect(views.filter(grey).every(({ colour }) => colour[0]!.operation === 'greyscale')).toBe(true);
  });
});

test('a view is drawn by its address alone', () => {
  const at = (...address: number[]) => drawView(config, 500, 375, randomAt(1, 'view', ...address));
  expect(at(3, 17, 1)).toEqual(at(3, 17, 1));
  for (const other of [at(4, 17, 1), at(3, 18, 1), at(3, 17, 0)]) expect(other).not.toEqual(at(3, 17, 1));
});

describe('views that are drawn together', () => {
  const pair: PairConfig = { member: 0, crops: 'nointer', share: 0.5, overlap: 'mean', dropProbability: 0 };
  const both = (draw: number, change: Partial<PairConfig> = {}) =>
    ([0, 1] as const).map((member) =>
      drawView(
        { ...config, pair: { ...pair, ...change, member } },
        500,
        376,
        randomAt(1, 'view', 0, draw, member),
        randomAt(1, 'pair', 0, draw),
      ),
    ) as [ViewParameters, ViewParameters];

  test('are one pair, in a share of the pictures', () => {
    const views = Array.from({ length: 4000 }, (_, draw) => both(draw));
    const inQuarters = views.filter(([first, second]) => {
      const small = [first, second].every(({ box }) => box.width <= 250 && box.height <= 188);
      return small && !overlapInView(first.box, second.box, 224);
    });
    // Four standard errors of a half at 4000 draws, and the few independent pairs that look alike.
    expect(Math.abs(inQuarters.length / views.length - 0.5)).toBeLessThan(0.032 + 0.01);
  });

  test('each know where they show what the other shows', () => {
    for (let draw = 0; draw < 200; draw++) {
      const [first, second] = both(draw, { crops: 'easy', share: 1 });
      expect(first.overlap).toEqual(overlapInView(first.box, second.box, 224));
      expect(second.overlap).toEqual(overlapInView(second.box, first.box, 224));
      const kept = both(draw, { crops: 'easy', share: 1, overlap: 'keep' });
      expect(kept.map(({ box, overlap }) => ({ box, overlap }))).toEqual([
        { box: first.box, overlap: undefined },
        { box: second.box, overlap: undefined },
      ]);
    }
  });

  test('need a generator for both', () => {
    expect(() => drawView({ ...config, pair }, 500, 375, randomAt(1, 'view'))).toThrow('generator of their picture');
  });
});
