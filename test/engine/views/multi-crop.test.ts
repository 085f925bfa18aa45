import { expect, test } from 'vitest';
import { randomAt } from '../../../engine/random.ts';
import { smallCrops } from '../../../engine/views/multi-crop.ts';
import { drawView, type ViewConfig } from '../../../engine/views/recipe.ts';

const view: ViewConfig = {
  preset: 'swav',
  imageSize: 224,
  cropScale: [0.14, 1],
  jitter: 1,
  greyScale: 0.2,
  gaussianBlur: 0.5,
  flip: 0.5,
  pair: { member: 1, crops: 'hard', share: 1, overlap: 'keep', dropProbability: 0 },
};

test('small crops: 0.05 to 0.14 of the picture, drawn alone, with the colours of the view', () => {
  const crops = smallCrops(view, 6, 96);
  expect(crops).toHaveLength(6);
  for (const crop of crops) {
    expect(crop).toMatchObject({ preset: 'swav', imageSize: 96, gaussianBlur: 0.5, flip: 0.5 });
    expect(crop.pair).toBeUndefined();
  }
  const areas = Array.from({ length: 4000 }, (_, draw) => {
    const { box } = drawView(crops[0]!, 500, 375, randomAt(9, 'view', 0, draw, 1));
    return (box.width * box.height) / (500 * 375);
  });
  // Sides are rounded to whole pixels, half of one at most: 2 % of the area of the smallest crop.
  expect(Math.min(...areas)).toBeGreaterThan(0.05 * 0.98);
  expect(Math.max(...areas)).toBeLessThan(0.14 * 1.02);
  const mean = areas.reduce((sum, area) => sum + area) / areas.length;
  // Four standard errors of a uniform draw.
  expect(Math.abs(mean - 0.095)).toBeLessThan((4 * 0.09) / Math.sqrt(12 * areas.length));
});
