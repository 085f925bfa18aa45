import type { Canvas } from './canvas.ts';

/**
 * Contrast as Pillow's `ImageEnhance.Contrast`: a blend with the picture's mean luma, rounded to a byte. 1 leaves the
 * picture as it is, 0 leaves only that grey.
 */
export function adjustContrast({ data, kernels }: Canvas, factor: number): void {
  const mean = kernels.sumLuma(0, data.length) / (data.length / 3);
  kernels.blendLevel(0, data.length, Math.floor(mean + 0.5), factor);
}
