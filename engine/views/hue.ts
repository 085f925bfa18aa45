import type { Canvas } from './canvas.ts';

/**
 * Hue as torchvision's `adjust_hue` has it on a Pillow image: to 8-bit HSV, hue moved by a whole number of 1/255 turns
 * (wrapping at 256), and back; `factor` in turns, -0.5 .. 0.5. Both conversions are Pillow's to the bit, with their mixture
 * of single and double precision: exact thirds and sixths of a turn are common, and how they round shows.
 */
export function adjustHue({ data, kernels }: Canvas, factor: number): void {
  kernels.turnHue(0, data.length, Math.trunc(factor * 255) & 255);
}
