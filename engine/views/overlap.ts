/** What two crops of one picture both show, replaced in their views (ssl-small, arXiv 2107.14762). */
import type { Random } from '../random.ts';
import type { Box } from './picture.ts';

/** ImageNet's mean colour. */
const meanColour = [124, 116, 104] as const;

/**
 * Where the view of `own` (`size` x `size` pixels) shows what `other` shows too; undefined where they share nothing.
 * It may reach beyond the view's edge by a rounding, and has a pixel at least.
 */
export function overlapInView(own: Box, other: Box, size: number): Box | undefined {
  const rows = alongOneAxis(own.top, own.height, other.top, other.height, size);
  const columns = alongOneAxis(own.left, own.width, other.left, other.width, size);
  return rows && columns && { top: rows.start, left: columns.start, height: rows.length, width: columns.length };
}

/** As ssl-small rounds: start by the plain length of the crop, length by the inclusive one. */
function alongOneAxis(ownStart: number, ownLength: number, otherStart: number, otherLength: number, size: number) {
  const start = Math.max(ownStart, otherStart);
  const end = Math.min(ownStart + ownLength, otherStart + otherLength);
  if (start >= end) return undefined;
  return {
    start: Math.trunc(((start - ownStart) / ownLength) * size),
    length: Math.max(1, Math.trunc(((end - start + 1) / (ownLength + 1)) * size)),
  };
}

/** A box of the same size anywhere within the view, all places alike: the control for what is replaced. */
export function elsewhere({ height, width }: Box, size: number, random: Random): Box {
  return { top: random.integer(size - height + 1), left: random.integer(size - width + 1), height, width };
}

/** Sets a box of a `size` x `size` view (bytes, [size, size, 3]) to ImageNet's mean colour. */
export function fillWithMean(data: Uint8Array, size: number, box: Box): void {
  eachPixel(box, size, (at) => data.set(meanColour, at));
}

/** Sets it to white noise, 0 to 254. */
export function fillWithNoise(data: Uint8Array, size: number, box: Box, random: Random): void {
  eachPixel(box, size, (at) => {
    for (let channel = 0; channel < 3; channel++) data[at + channel] = random.integer(255);
  });
}

/**
 * Sets each pixel of a box of a normalised view (floats, [size, size, 3] from `offset` on) with the given probability
 * to the view's own mean colour. Zeros instead would be a short cut to the answer, as the authors found.
 */
export function dropPixels(
  view: Float32Array,
  offset: number,
  size: number,
  box: Box,
  probability: number,
  random: Random,
): void {
  const sums = [0, 0, 0];
  for (let at = 0; at < size * size * 3; at++) sums[at % 3]! += view[offset + at]!;
  const means = sums.map((sum) => sum / (size * size));
  eachPixel(box, size, (at) => {
    if (random.chance(probability)) view.set(means, offset + at);
  });
}

/** The places of a box's pixels that lie within the view. */
function eachPixel({ top, left, height, width }: Box, size: number, visit: (at: number) => void): void {
  for (let y = top; y < Math.min(size, top + height); y++) {
    for (let x = left; x < Math.min(size, left + width); x++) visit((y * size + x) * 3);
  }
}
