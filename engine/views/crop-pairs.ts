/** Two crops of one picture that see little, some or nothing of the same (ssl-small, arXiv 2107.14762, section 3.2). */
import type { CropPairs } from '../../common/jobs/train.ts';
import { overlapLimits } from '../../common/jobs/view-rules.ts';
import type { Random } from '../random.ts';
import { randomCropBox } from './crop.ts';
import type { Box } from './picture.ts';

/**
 * Pixels that two boxes share, as ssl-small counts them: corners are taken as inclusive (+ 1 along both sides), so boxes
 * that touch share something.
 */
export function sharedPixels(left: Box, right: Box): number {
  const height = Math.min(left.top + left.height, right.top + right.height) - Math.max(left.top, right.top) + 1;
  const width = Math.min(left.left + left.width, right.left + right.width) - Math.max(left.left, right.left) + 1;
  return Math.max(0, height) * Math.max(0, width);
}

/**
 * Intersection over union, as ssl-small counts it: areas are not inclusive, therefore a box has more than 1 with itself,
 * and tiny boxes a negative number or an infinite one.
 */
export function intersectionOverUnion(left: Box, right: Box): number {
  const shared = sharedPixels(left, right);
  return shared / (left.height * left.width + right.height * right.width - shared);
}

/** Whether one of the two lies within the other; equal ones do. */
export function isNested(left: Box, right: Box): boolean {
  return isWithin(left, right) || isWithin(right, left);
}

function isWithin(inner: Box, outer: Box): boolean {
  return (
    outer.top <= inner.top &&
    outer.left <= inner.left &&
    outer.top + outer.height >= inner.top + inner.height &&
    outer.left + outer.width >= inner.left + inner.width
  );
}

/** Pairs drawn before one is taken that is not within the limits, as ssl-small's sampler of static data sets has it. */
const mostAttempts: Partial<Record<CropPairs, number>> = { 'super-hard': 2000, hard: 1000, easy: 1000 };

export interface CropPair {
  boxes: readonly [Box, Box];
  /** How often a pair was drawn. */
  attempts: number;
  /** False if no pair was within the limits, as happens with pictures of odd proportions or a scale that is too large. */
  within: boolean;
}

/**
 * Draws the two boxes of a `width` x `height` picture.
 *
 * - `independent`: each by itself
 * - `nointer`: in two different quarters at the corners, each of 0.4 to 1 of its quarter (`scale` does not matter)
 * - `super-hard`, `hard`, `easy`: pairs are drawn until their intersection over union is within `overlapLimits` and none
 *   lies within the other
 */
export function drawCropPair(
  mode: CropPairs,
  width: number,
  height: number,
  scale: readonly [number, number],
  random: Random,
): CropPair {
  if (mode === 'nointer') return { boxes: quarterBoxes(width, height, random), attempts: 1, within: true };
  const limits = overlapLimits[mode];
  // ssl-small's own sampler, which tries twice as often as torchvision's before it takes the centre.
  const draw = () => randomCropBox(width, height, scale, random, 20);
  for (let attempts = 1; ; attempts++) {
    const boxes = [draw(), draw()] as const;
    const within = limits === undefined || keepsTo(limits, ...boxes);
    if (within || attempts > mostAttempts[mode]!) return { boxes, attempts, within };
  }
}

function keepsTo([least, most]: readonly [number, number], left: Box, right: Box): boolean {
  const overlap = intersectionOverUnion(left, right);
  return overlap >= least && overlap <= most && !isNested(left, right);
}

function quarterBoxes(width: number, height: number, random: Random): readonly [Box, Box] {
  const quarter = { width: Math.floor(width / 2), height: Math.floor(height / 2) };
  const [first, second] = random.permutation(4);
  return [first!, second!].map((corner) => {
    const box = randomCropBox(quarter.width, quarter.height, [0.4, 1], random);
    const below = corner >= 2 ? height - quarter.height : 0;
    const beside = corner % 2 === 1 ? width - quarter.width : 0;
    return { ...box, top: box.top + below, left: box.left + beside };
  }) as [Box, Box];
}
