import { aligned, createKernels, type Kernels } from './kernels/kernels.ts';

/** RGB bytes that lie where the kernels work: the colour operations change them in place, without copies. */
export interface Canvas {
  /** Interleaved, [pixels, 3]; starts at address 0 of the kernels' memory. */
  data: Uint8Array;
  kernels: Kernels;
}

export function createCanvas(pixels: number): Canvas {
  const kernels = createKernels();
  const data = kernels.memory(aligned(pixels * 3) + 16).subarray(0, pixels * 3);
  return { data, kernels };
}
