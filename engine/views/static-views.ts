/** The views of one picture in a static data set (ssl-small's sample-augs). */
import { type Random, randomAt } from '../random.ts';
import { drawCropPair } from './crop-pairs.ts';
import { elsewhere, fillWithMean, fillWithNoise, overlapInView } from './overlap.ts';
import { createPainter } from './painter.ts';
import type { Box, Picture } from './picture.ts';
import { drawView, type ViewConfig } from './recipe.ts';

export const staticViewModes = ['moco', 'nointer', 'super-hard', 'hard', 'easy'] as const;
export type StaticViewMode = (typeof staticViewModes)[number];

/** How many views a mode makes of a picture. */
export function staticViewCount(mode: StaticViewMode): 2 | 10 {
  return mode === 'moco' || mode === 'nointer' ? 2 : 10;
}

export interface StaticViewsOfPicture {
  /** Bytes [imageSize, imageSize, 3] of each. */
  views: Uint8Array[];
  /** False if no pair of crops was within the mode's limits: what was drawn last is taken, as in the published code. */
  within: boolean;
}

/**
 * Views 1, 2: two random ones with the colours of MoCo v2. The modes with limits on the crops' overlap make pairs of
 * the same two views, in which what both show is replaced: 3, 4 by white noise; 5, 6 by the same noise, but anywhere;
 * 7, 8 by the mean colour; 9, 10 by it, anywhere. All that is random comes from the seed and the address of the picture.
 */
export function createStaticViews(
  mode: StaticViewMode,
  imageSize: number,
  seed: number,
): (picture: Picture, ...address: number[]) => StaticViewsOfPicture {
  const paint = createPainter(imageSize);
  const masks = staticViewCount(mode) === 10;
  const colours: ViewConfig = {
    ...{ preset: 'moco-v2', imageSize, cropScale: [0.2, 1], flip: 0.5 },
    ...{ jitter: 1, greyScale: 0, gaussianBlur: 0 }, // the preset has its own
  };

  return function views(picture, ...address) {
    const { width, height } = picture;
    const drawn = [0, 1].map((member) =>
      drawView(colours, width, height, randomAt(seed, 'static view', ...address, member)),
    );
    const pair =
      mode === 'moco'
        ? { boxes: drawn.map(({ box }) => box), within: true }
        : drawCropPair(mode, width, height, colours.cropScale, randomAt(seed, 'static pair', ...address));
    const variants = drawn.map((view, member) => {
      const box = pair.boxes[member]!;
      const plain = paint(picture, { ...view, box }).slice();
      const random = (purpose: string) => randomAt(seed, purpose, ...address, member);
      const all = masks ? [plain, ...masked(plain, imageSize, box, pair.boxes[1 - member]!, random)] : [plain];
      if (view.flip) for (const data of all) mirror(data, imageSize);
      return all;
    });
    const [first, second] = variants as [Uint8Array[], Uint8Array[]];
    return { views: first.flatMap((data, index) => [data, second[index]!]), within: pair.within };
  };
}

/** The four variants of a view with its overlap replaced; copies where the crops share nothing. */
function masked(plain: Uint8Array, size: number, own: Box, other: Box, random: (purpose: string) => Random) {
  const overlap = overlapInView(own, other, size);
  const noise = (data: Uint8Array, box: Box) => fillWithNoise(data, size, box, random('static noise'));
  const mean = (data: Uint8Array, box: Box) => fillWithMean(data, size, box);
  return [noise, mean].flatMap((fill, index) =>
    [overlap, overlap && elsewhere(overlap, size, random(`static place ${index}`))].map((box) => {
      const data = plain.slice();
      if (box) fill(data, box);
      return data;
    }),
  );
}

/** Left and right exchanged, in place. */
function mirror(data: Uint8Array, size: number): void {
  for (let row = 0; row < size; row++) {
    const line = data.slice(row * size * 3, (row + 1) * size * 3);
    for (let x = 0; x < size; x++) data.set(line.subarray(x * 3, x * 3 + 3), (row * size + size - 1 - x) * 3);
  }
}
