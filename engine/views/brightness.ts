import type { Canvas } from './canvas.ts';

/**
 * Brightness as Pillow's `ImageEnhance.Brightness`: a blend with black, `factor * byte` in single precision, truncated
 * and clipped. 1 leaves the picture as it is.
 */
export function adjustBrightness({ data, kernels }: Canvas, factor: number): void {
  kernels.blendLevel(0, data.length, 0, factor);
}
