import type { Random } from '../random.ts';
import { type Box, emptyPicture, type Picture, roundHalfEven } from './picture.ts';

const aspectRatios = [3 / 4, 4 / 3] as const;

/**
 * torchvision's RandomResizedCrop: up to `tries` tries (10) of an area uniform in `scale` (shares of the picture's area) and an
 * aspect ratio log-uniform in 3/4 .. 4/3; then the largest central box whose ratio is within those limits.
 */
export function randomCropBox(
  width: number,
  height: number,
  scale: readonly [number, number],
  random: Random,
  tries = 10,
): Box {
  const [narrowest, widest] = aspectRatios;
  for (let attempt = 0; attempt < tries; attempt++) {
    const area = width * height * random.uniform(scale[0], scale[1]);
    const ratio = Math.exp(random.uniform(Math.log(narrowest), Math.log(widest)));
    const boxWidth = roundHalfEven(Math.sqrt(area * ratio));
    const boxHeight = roundHalfEven(Math.sqrt(area / ratio));
    if (boxWidth > 0 && boxWidth <= width && boxHeight > 0 && boxHeight <= height) {
      const top = random.integer(height - boxHeight + 1);
      return { top, left: random.integer(width - boxWidth + 1), height: boxHeight, width: boxWidth };
    }
  }
  const ratio = width / height;
  const boxWidth = ratio > widest ? roundHalfEven(height * widest) : width;
  const boxHeight = ratio < narrowest ? roundHalfEven(width / narrowest) : height;
  return {
    top: Math.floor((height - boxHeight) / 2),
    left: Math.floor((width - boxWidth) / 2),
    height: boxHeight,
    width: boxWidth,
  };
}

/** The central `size` x `size` box (torchvision's CenterCrop); `size` must fit. */
export function centreBox(width: number, height: number, size: number): Box {
  return {
    top: roundHalfEven((height - size) / 2),
    left: roundHalfEven((width - size) / 2),
    height: size,
    width: size,
  };
}

/** torchvision's CenterCrop of a picture, which is set on black where it is smaller than the crop. */
export function centreCrop(picture: Picture, size: number): Picture {
  const padLeft = Math.max(0, Math.floor((size - picture.width) / 2));
  const padTop = Math.max(0, Math.floor((size - picture.height) / 2));
  const box = centreBox(Math.max(picture.width, size), Math.max(picture.height, size), size);
  const out = emptyPicture(size, size);
  const width = Math.min(size, picture.width);
  for (let y = 0; y < size; y++) {
    const row = y + box.top - padTop;
    if (row < 0 || row >= picture.height) continue;
    const start = (row * picture.width + Math.max(0, box.left - padLeft)) * 3;
    out.data.set(picture.data.subarray(start, start + width * 3), (y * size + padLeft) * 3);
  }
  return out;
}
