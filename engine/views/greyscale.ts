import type { Canvas } from './canvas.ts';

/** Three equal channels of luma (ITU-R BT.601 in 16-bit fixed point, rounded: Pillow's `convert('L')`). */
export function toGreyscale({ data, kernels }: Canvas): void {
  kernels.greyscale(0, data.length);
}
