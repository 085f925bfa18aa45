import type { Box, Picture } from './picture.ts';

/**
 * Pillow's resize (Resample.c): antialiased, horizontal pass first, both in 22-bit fixed point with bytes in between.
 * A kernel is stretched by the scale when shrinking, so that every source pixel counts.
 */
export type Kernel = 'bilinear' | 'bicubic';

const precisionBits = 22;
const half = 1 << (precisionBits - 1);

const kernels = {
  bilinear: { support: 1, weight: (distance: number) => Math.max(0, 1 - distance) },
  bicubic: {
    support: 2,
    // Keys' cubic with a = -0.5
    weight(distance: number) {
      if (distance < 1) return (1.5 * distance - 2.5) * distance * distance + 1;
      return distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
    },
  },
};

/** Where each output pixel of an axis looks: `count` source pixels from `first`, weights at index * taps. */
interface Axis {
  taps: number;
  first: Int32Array;
  count: Int32Array;
  weights: Int32Array;
}

/** A resized picture is `width` x `height`; of it only `window` is computed. */
export interface Target {
  width: number;
  height: number;
  window?: Box;
}

export type Resize = (source: Picture, box: Box, target: Target, out: Uint8Array) => void;

/** Resizes `box` of a picture to `target` into `out`. Keeps its scratch memory between calls. */
export function createResize(kernel: Kernel): Resize {
  const horizontal = emptyAxis();
  const vertical = emptyAxis();
  let between = new Uint8Array(0);

  return function resize(source, box, target, out) {
    const window = target.window ?? { top: 0, left: 0, height: target.height, width: target.width };
    fillAxis(horizontal, kernel, box.width, target.width, window.left, window.width);
    fillAxis(vertical, kernel, box.height, target.height, window.top, window.height);
    const last = window.height - 1;
    const firstRow = vertical.first[0]!;
    const rows = vertical.first[last]! + vertical.count[last]! - firstRow;
    const needed = rows * window.width * 3;
    if (between.length < needed) between = new Uint8Array(needed);
    resizeRows(source, box, horizontal, firstRow, rows, window.width, between);
    resizeColumns(between, vertical, firstRow, window, out);
  };
}

/** The size of a picture whose shorter side becomes `size` (torchvision's Resize of one number). */
export function shorterSideTarget(width: number, height: number, size: number): { width: number; height: number } {
  if (width <= height) return { width: size, height: Math.trunc((size * height) / width) };
  return { width: Math.trunc((size * width) / height), height: size };
}

function emptyAxis(): Axis {
  return { taps: 0, first: new Int32Array(0), count: new Int32Array(0), weights: new Int32Array(0) };
}

function fillAxis(axis: Axis, kernel: Kernel, source: number, target: number, start: number, length: number): void {
  const scale = source / target;
  const stretch = Math.max(scale, 1);
  const support = kernels[kernel].support * stretch;
  const weight = kernels[kernel].weight;
  const taps = Math.ceil(support) * 2 + 1;
  axis.taps = taps;
  if (axis.first.length < length) {
    axis.first = new Int32Array(length);
    axis.count = new Int32Array(length);
  }
  if (axis.weights.length < length * taps) axis.weights = new Int32Array(length * taps);
  const exact = new Float64Array(taps);
  for (let index = 0; index < length; index++) {
    const centre = (start + index + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(source, Math.trunc(centre + support + 0.5)) - first;
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      exact[tap] = weight(Math.abs((tap + first - centre + 0.5) / stretch));
      sum += exact[tap]!;
    }
    for (let tap = 0; tap < count; tap++) {
      const scaled = (exact[tap]! / sum) * (1 << precisionBits);
      axis.weights[index * taps + tap] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    axis.first[index] = first;
    axis.count[index] = count;
  }
}

function resizeRows(
  source: Picture,
  box: Box,
  { first, count, weights, taps }: Axis,
  firstRow: number,
  rows: number,
  width: number,
  out: Uint8Array,
): void {
  const { data } = source;
  let target = 0;
  for (let row = 0; row < rows; row++) {
    const line = ((box.top + firstRow + row) * source.width + box.left) * 3;
    for (let x = 0; x < width; x++, target += 3) {
      let red = half;
      let green = half;
      let blue = half;
      let index = line + first[x]! * 3;
      const start = x * taps;
      const end = start + count[x]!;
      for (let tap = start; tap < end; tap++, index += 3) {
        const weight = weights[tap]!;
        red += Math.imul(weight, data[index]!);
        green += Math.imul(weight, data[index + 1]!);
        blue += Math.imul(weight, data[index + 2]!);
      }
      out[target] = clipped(red >> precisionBits);
      out[target + 1] = clipped(green >> precisionBits);
      out[target + 2] = clipped(blue >> precisionBits);
    }
  }
}

function resizeColumns(
  between: Uint8Array,
  { first, count, weights, taps }: Axis,
  firstRow: number,
  window: Box,
  out: Uint8Array,
): void {
  const stride = window.width * 3;
  for (let y = 0; y < window.height; y++) {
    const line = (first[y]! - firstRow) * stride;
    const start = y * taps;
    const end = start + count[y]!;
    for (let x = 0; x < stride; x++) {
      let sum = half;
      for (let tap = start, index = line + x; tap < end; tap++, index += stride) {
        sum += Math.imul(weights[tap]!, between[index]!);
      }
      out[y * stride + x] = clipped(sum >> precisionBits);
    }
  }
}

function clipped(value: number): number {
  return value < 0 ? 0 : Math.min(value, 255);
}
