import { aligned, createKernels } from './kernels/kernels.ts';

/**
 * Pillow's GaussianBlur: three extended box blurs along each axis (Gwosdek et al., "Theoretical foundations of Gaussian
 * convolution by extended box filtering", SSVM 2011), bytes between the passes, edge pixels repeated outwards.
 */
const passes = 3;

/** The box radius, with its fraction, that three passes need for a Gaussian of this deviation in pixels. */
export function boxRadius(sigma: number): number {
  // Rounded to single after each step, as Pillow's floats are: how ties between bytes fall depends on it.
  const { fround } = Math;
  const variance = fround(fround(fround(sigma) ** 2) / passes);
  const length = fround(Math.sqrt(12 * variance + 1));
  const whole = Math.floor((length - 1) / 2);
  const share = fround((2 * whole + 1) * fround(whole * (whole + 1) - fround(3 * variance)));
  return fround(whole + fround(share / fround(6 * fround(variance - (whole + 1) ** 2))));
}

/** Blurs RGB bytes in place by `sigma` pixels. Keeps its memory between calls, as much as the largest took. */
export function createBlur(): (data: Uint8Array, width: number, height: number, sigma: number) => void {
  const kernels = createKernels();
  return function blur(data, width, height, sigma) {
    const { whole, near, far } = boxWeights(boxRadius(sigma));
    const row = width * 3;
    const size = row * height;
    const line = aligned(row + (whole + 1) * 6 + 32);
    // The kernels read up to a box beside a row and write whole vectors, hence the gaps.
    const pictureAt = line * 2;
    const copyAt = aligned(pictureAt + size + 16);
    const memory = kernels.memory(copyAt + size + 16);
    memory.set(data, pictureAt);
    kernels.blurRows(pictureAt, row, height, whole, near, far, 0);
    kernels.blurColumns(pictureAt, copyAt, row, height, whole, near, far);
    kernels.blurColumns(copyAt, pictureAt, row, height, whole, near, far);
    kernels.blurColumns(pictureAt, copyAt, row, height, whole, near, far);
    data.set(memory.subarray(copyAt, copyAt + size));
  };
}

/** Weights of a box of this radius in 24-bit fixed point: of each whole pixel, and of the two at the far ends. */
function boxWeights(radius: number): { whole: number; near: number; far: number } {
  const whole = Math.trunc(radius);
  const near = Math.trunc(Math.fround((1 << 24) / Math.fround(radius * 2 + 1)));
  return { whole, near, far: ((1 << 24) - (whole * 2 + 1) * near) >>> 1 };
}
