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

/** Blurs `channels` interleaved bytes a pixel, in place, by `sigma` pixels. Keeps its scratch memory between calls. */
export function createBlur(channels: 1 | 3) {
  let sums = new Int32Array(0);
  let copy = new Uint8Array(0);
  return function blur(data: Uint8Array, width: number, height: number, sigma: number): void {
    const radius = boxRadius(sigma);
    if (radius === 0) return;
    const size = width * height * channels;
    if (copy.length < size) copy = new Uint8Array(size);
    const row = width * channels;
    if (sums.length < row) sums = new Int32Array(row);
    for (let pass = 0; pass < passes; pass++) {
      const [source, target] = pass % 2 === 0 ? [data, copy] : [copy, data];
      for (let y = 0; y < height; y++) {
        for (let channel = 0; channel < channels; channel++) {
          boxLine(source, target, y * row + channel, channels, width, radius);
        }
      }
    }
    for (let pass = 0; pass < passes; pass++) {
      const [source, target] = pass % 2 === 0 ? [copy, data] : [data, copy];
      boxColumns(source, target, row, height, radius, sums);
    }
  };
}

/** Weights of a box of this radius in 24-bit fixed point: of each whole pixel, and of the two at the far ends. */
export function boxWeights(radius: number): { whole: number; near: number; far: number } {
  const whole = Math.trunc(radius);
  const near = Math.trunc(Math.fround((1 << 24) / Math.fround(radius * 2 + 1)));
  return { whole, near, far: ((1 << 24) - (whole * 2 + 1) * near) >>> 1 };
}

function boxLine(
  source: Uint8Array,
  target: Uint8Array,
  offset: number,
  stride: number,
  length: number,
  radius: number,
): void {
  const { whole, near, far } = boxWeights(radius);
  const at = (place: number) => source[offset + Math.min(Math.max(place, 0), length - 1) * stride]!;
  let sum = 0;
  for (let place = -whole - 1; place < whole; place++) sum += at(place);
  for (let place = 0; place < length; place++) {
    sum += at(place + whole) - at(place - whole - 1);
    const bulk = Math.imul(sum, near) + Math.imul(at(place - whole - 1) + at(place + whole + 1), far);
    target[offset + place * stride] = (bulk + (1 << 23)) >>> 24;
  }
}

function boxColumns(
  source: Uint8Array,
  target: Uint8Array,
  row: number,
  height: number,
  radius: number,
  sums: Int32Array,
): void {
  const { whole, near, far } = boxWeights(radius);
  const line = (y: number) => Math.min(Math.max(y, 0), height - 1) * row;
  sums.fill(0, 0, row);
  for (let y = -whole - 1; y < whole; y++) {
    const index = line(y);
    for (let x = 0; x < row; x++) sums[x]! += source[index + x]!;
  }
  for (let y = 0; y < height; y++) {
    const added = line(y + whole);
    const dropped = line(y - whole - 1);
    const beyond = line(y + whole + 1);
    for (let x = 0; x < row; x++) {
      const sum = sums[x]! + source[added + x]! - source[dropped + x]!;
      sums[x] = sum;
      const bulk = Math.imul(sum, near) + Math.imul(source[dropped + x]! + source[beyond + x]!, far);
      target[y * row + x] = (bulk + (1 << 23)) >>> 24;
    }
  }
}
