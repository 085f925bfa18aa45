import { luma } from './picture.ts';

/**
 * Saturation as Pillow's `ImageEnhance.Color`: each pixel blended with its own luma.
 * Reads `data` through `table` and writes the result back into `data`.
 */
export function createSaturation(): (data: Uint8Array, table: Uint8Array, factor: number) => void {
  const steps = new Float32Array(511); // factor * (value - luma), for every difference
  return function adjustSaturation(data, table, factor) {
    const single = Math.fround(factor);
    for (let difference = -255; difference <= 255; difference++) steps[difference + 255] = single * difference;
    for (let index = 0; index < data.length; index += 3) {
      const red = table[data[index]!]!;
      const green = table[data[index + 1]!]!;
      const blue = table[data[index + 2]!]!;
      const grey = luma(red, green, blue);
      const offset = 255 - grey;
      data[index] = clipped(Math.fround(grey + steps[red + offset]!));
      data[index + 1] = clipped(Math.fround(grey + steps[green + offset]!));
      data[index + 2] = clipped(Math.fround(grey + steps[blue + offset]!));
    }
  };
}

function clipped(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value | 0;
}
