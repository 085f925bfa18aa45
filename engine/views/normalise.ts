/** ImageNet's channel means and standard deviations, in units of [0, 1]. */
export const imagenet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;

/**
 * Every byte of every channel as PyTorch's ToTensor and Normalize turn it into a float32: (v / 255 - mean) / std, each
 * step rounded to single. Layout: value * 4 + channel.
 */
export function normaliseTable(statistics: { mean: readonly number[]; deviation: readonly number[] }): Float32Array {
  const table = new Float32Array(256 * 4);
  for (let channel = 0; channel < 3; channel++) {
    const mean = Math.fround(statistics.mean[channel]!);
    const deviation = Math.fround(statistics.deviation[channel]!);
    for (let value = 0; value < 256; value++) {
      table[value * 4 + channel] = Math.fround(Math.fround(value / 255) - mean) / deviation;
    }
  }
  return table;
}

/**
 * Bytes to normalised floats, [height, width, 3] from `offset` on; `flip` mirrors left and right on the
 * way.
 */
export function writeNormalised(
  data: Uint8Array,
  width: number,
  height: number,
  table: Float32Array,
  flip: boolean,
  out: Float32Array,
  offset: number,
): void {
  const step = flip ? -3 : 3;
  let index = 0;
  for (let y = 0; y < height; y++) {
    let target = offset + y * width * 3 + (flip ? (width - 1) * 3 : 0);
    for (let x = 0; x < width; x++, index += 3, target += step) {
      out[target] = table[data[index]! << 2]!;
      out[target + 1] = table[(data[index + 1]! << 2) | 1]!;
      out[target + 2] = table[(data[index + 2]! << 2) | 2]!;
    }
  }
}

/** Normalised floats, [pixels, 3] from `offset` on, as the bytes nearest to them: what `writeNormalised` wrote, as it was. */
export function readNormalised(view: Float32Array, offset: number, pixels: number): Uint8Array {
  const bytes = new Uint8ClampedArray(pixels * 3); // rounds to the nearest
  for (let channel = 0; channel < 3; channel++) {
    const scale = imagenet.deviation[channel]! * 255;
    const shift = imagenet.mean[channel]! * 255;
    for (let at = channel; at < bytes.length; at += 3) bytes[at] = view[offset + at]! * scale + shift;
  }
  return new Uint8Array(bytes.buffer);
}
