import type { Canvas } from './canvas.ts';

/**
 * Saturation as Pillow's `ImageEnhance.Color`: each pixel blended with its own luma. 1 leaves the picture as it is, 0
 * makes it grey.
 */
export function adjustSaturation({ data, kernels }: Canvas, factor: number): void {
  kernels.blendLuma(0, data.length, factor);
}
